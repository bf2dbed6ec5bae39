import bottle
from bottle import abort, redirect, request, response, route, run, static_file, template

bottle.TEMPLATE_PATH.insert(0, '/app/views')


@route('/')
def front():
    return 'Bottle and the moons\n'


@route('/moon/<name>')
def moon(name):
    return template('moon', name=name, facts=['round', 'grey'])


@route('/planet/<name>')
def planet(name):
    from jinja2 import Environment, FileSystemLoader
    return Environment(loader=FileSystemLoader('/app/pages')).get_template('planet.html').render(name=name, moons=[1, 2])


@route('/db')
def db():
    from sqlalchemy import Column, Integer, String, create_engine, select
    from sqlalchemy.orm import Session, declarative_base
    Base = declarative_base()

    class Moon(Base):
        __tablename__ = 'moon'
        id = Column(Integer, primary_key=True)
        name = Column(String)

    engine = create_engine('sqlite://')
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Moon(name='Io'), Moon(name='Europa')])
        session.commit()
        return {'moons': [moon.name for moon in session.scalars(select(Moon).order_by(Moon.name))]}


@route('/sql/<dialect>')
def sql(dialect):
    from sqlalchemy import Column, Integer, MetaData, Table, select
    from sqlalchemy.dialects import mssql, mysql, oracle, postgresql
    table = Table('moon', MetaData(), Column('id', Integer))
    dialects = {'mysql': mysql, 'postgresql': postgresql, 'mssql': mssql, 'oracle': oracle}
    return str(select(table).limit(3).compile(dialect=dialects[dialect].dialect()))


@route('/static/<name:path>')
def static(name):
    return static_file(name, root='/app/static')


@route('/login', method='POST')
def login():
    name = request.forms.get('name')
    response.set_cookie('who', name or '', secret='key', digestmod='sha256')
    return f'hello {name}'


@route('/who')
def who():
    return str(request.get_cookie('who', secret='key'))


@route('/upload', method='POST')
def upload():
    file = request.files.get('f')
    return f'{file.filename} {len(file.file.read())}'


@route('/json', method=['POST', 'PUT'])
def json():
    return {'got': request.json}


@route('/away')
def away():
    redirect('/moon/Io')


@route('/gone')
def gone():
    abort(410, 'the moon is gone')


@route('/boom')
def boom():
    return 1 / 0


@route('/query')
def query():
    return {'values': request.query.getall('v'), 'text': request.query.decode().get('t', '')}


@route('/mail')
def mail():
    from email.message import EmailMessage
    message = EmailMessage()
    message['Subject'] = 'Mönde'
    message.set_content('grün')
    message.add_attachment(b'1', maintype='image', subtype='png', filename='a.png')
    message.set_boundary('x')
    return message.as_string()


@route('/csv')
def csv():
    import csv
    import io
    out = io.StringIO()
    csv.writer(out).writerows([[1, 'a,b'], [2, '"']])
    return out.getvalue()


@route('/zone')
def zone():
    from datetime import datetime, timezone
    from zoneinfo import ZoneInfo
    return datetime(2024, 7, 1, tzinfo=timezone.utc).astimezone(ZoneInfo('Asia/Kathmandu')).isoformat()


@bottle.error(404)
def missing(error):
    return 'no such moon'


run(host='0.0.0.0', port=8080)
