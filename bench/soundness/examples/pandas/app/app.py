import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pandas as pd

MOONS = pd.read_csv('/app/moons.csv', parse_dates=['found'])


def group():
    return MOONS.groupby('planet').km.agg(['mean', 'max', 'count']).to_string()


def pivot():
    return MOONS.pivot_table(index='planet', values='km', aggfunc='sum').to_csv()


def html():
    return MOONS.to_html()


def json():
    return MOONS.to_json(orient='records', date_format='iso')


def resample():
    return MOONS.set_index('found').km.resample('10A').sum().to_string()


def zone():
    return str(pd.Timestamp('2024-07-01 12:00', tz='UTC').tz_convert('Europe/Vienna'))


def merge():
    return MOONS.merge(pd.DataFrame({'planet': ['Saturn'], 'rings': [True]}), how='left').to_string()


def describe():
    return MOONS.km.describe().to_string()


def roll():
    return MOONS.km.rolling(2).mean().to_string()


def strings():
    return MOONS.name.str.upper().str.extract('([AEIOU])')[0].to_string()


def categorical():
    return str(MOONS.planet.astype('category').cat.codes.tolist())


def pickle():
    import io
    out = io.BytesIO()
    MOONS.to_pickle(out)
    out.seek(0)
    return str(pd.read_pickle(out).shape)


def sql():
    import sqlite3
    with sqlite3.connect(':memory:') as connection:
        MOONS.to_sql('moons', connection)
        return pd.read_sql('select name from moons where km > 3200', connection).to_string()


def query():
    return MOONS.query('km > 3200 and planet == "Saturn"').to_string()


def fft():
    import numpy as np
    return str(np.abs(np.fft.fft([1, 0, 0, 0])).tolist())


def solve():
    import numpy as np
    return str(np.linalg.solve([[2, 0], [0, 4]], [2, 4]).tolist())


def random():
    import numpy as np
    return str(np.random.default_rng(1).integers(0, 9, 5).tolist())


def poly():
    import numpy as np
    return str(np.polynomial.Polynomial([1, 2, 3]).deriv().coef.tolist())


def masked():
    import numpy as np
    return str(np.ma.masked_greater([1, 5, 9], 4).mean())


def save():
    import io
    import numpy as np
    out = io.BytesIO()
    np.savez_compressed(out, a=np.arange(3))
    out.seek(0)
    return str(np.load(out)['a'].tolist())


def text():
    import io
    import numpy as np
    return str(np.loadtxt(io.StringIO('1 2\n3 4')).sum())


def interval():
    return str(pd.cut(MOONS.km, [0, 3200, 9000]).astype(str).tolist())


def fixed():
    import io
    return pd.read_fwf(io.StringIO('a  b\n1  2\n')).to_string()


def latex():
    return MOONS.head(1).to_csv(sep='\t')


def excel():
    import io
    MOONS.to_excel(io.BytesIO())
    return 'written'


def parquet():
    import io
    MOONS.to_parquet(io.BytesIO())
    return 'written'


def holiday():
    from pandas.tseries.holiday import USFederalHolidayCalendar
    return str(USFederalHolidayCalendar().holidays('2024-01-01', '2024-03-01').tolist())


def options():
    return str(pd.get_option('display.max_rows'))


USES = {name: value for name, value in list(globals().items()) if callable(value) and value.__module__ == '__main__'}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        name = parts.path[1:]
        try:
            if name == '':
                text = f'pandas knows {len(MOONS)} moons\n'
            elif name == 'filter':
                text = MOONS[MOONS.planet == parse_qs(parts.query)['planet'][0]].to_string()
            else:
                text = USES[name]()
            status = 200
        except Exception as error:
            text, status = f'{type(error).__name__} {error} {len(traceback.format_exc()) > 0}', 500
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


ThreadingHTTPServer(('0.0.0.0', 8080), Handler).serve_forever()
