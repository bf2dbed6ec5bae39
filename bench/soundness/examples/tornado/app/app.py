import asyncio
import concurrent.futures

import tornado.web
import tornado.websocket


class Front(tornado.web.RequestHandler):
    def get(self):
        self.write('Tornado over the moons\n')


class Page(tornado.web.RequestHandler):
    def get(self):
        self.render('page.html', title='Moons', moons=['Io', '<b>'])


class Slow(tornado.web.RequestHandler):
    async def get(self):
        await asyncio.sleep(0.01)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            self.write(str(await asyncio.get_running_loop().run_in_executor(pool, sum, [1, 2])))


class Form(tornado.web.RequestHandler):
    def get(self):
        self.write({'q': self.get_query_arguments('q')})

    def post(self):
        files = {name: len(f[0]['body']) for name, f in self.request.files.items()}
        self.write({'name': self.get_body_argument('name', None), 'files': files})


class Cookie(tornado.web.RequestHandler):
    def get(self):
        self.set_secure_cookie('a', 'b')
        self.write(str(self.get_secure_cookie('a')))


class Login(tornado.web.RequestHandler):
    def get(self):
        self.write(type(self.xsrf_form_html()).__name__)


class Boom(tornado.web.RequestHandler):
    def get(self):
        raise ValueError('boom')


class Denied(tornado.web.RequestHandler):
    def get(self):
        raise tornado.web.HTTPError(403, 'no moon for you')


class Language(tornado.web.RequestHandler):
    def get(self):
        from tornado import locale
        locale.load_translations('/app/translations')
        self.write(locale.get('de').translate('moon'))


class Fetch(tornado.web.RequestHandler):
    async def get(self):
        from tornado.httpclient import AsyncHTTPClient
        answer = await AsyncHTTPClient().fetch('http://127.0.0.1:8080/')
        self.write(answer.body)


class Resolve(tornado.web.RequestHandler):
    async def get(self):
        from tornado.netutil import Resolver
        self.write(str(await Resolver().resolve('127.0.0.1', 80)))


class Process(tornado.web.RequestHandler):
    async def get(self):
        from tornado.iostream import StreamClosedError
        from tornado.queues import Queue
        queue = Queue()
        await queue.put(1)
        self.write(f'{await queue.get()} {StreamClosedError.__name__}')


class Socket(tornado.websocket.WebSocketHandler):
    def open(self):
        self.write_message('hello')


class Zip(tornado.web.RequestHandler):
    def get(self):
        self.write('moon ' * 1000)


class Time(tornado.web.RequestHandler):
    def get(self):
        from tornado.httputil import format_timestamp
        self.write(format_timestamp(0))


class Options(tornado.web.RequestHandler):
    def get(self):
        from tornado.options import define, options
        if 'moon' not in options:
            define('moon', default='Io')
        self.write(options.moon)


class Log(tornado.web.RequestHandler):
    def get(self):
        from tornado.log import LogFormatter
        import logging
        record = logging.LogRecord('a', logging.INFO, 'f', 1, 'hi', None, None)
        self.write(LogFormatter(color=False, fmt='%(message)s').format(record))


async def main():
    names = [Page, Slow, Form, Cookie, Login, Boom, Denied, Language, Fetch, Resolve, Process, Socket, Zip, Time, Options, Log]
    routes = [('/', Front), *((f'/{handler.__name__.lower()}', handler) for handler in names)]
    tornado.web.Application(
        routes, template_path='/app', static_path='/app/static', cookie_secret='key', compress_response=True
    ).listen(8080)
    await asyncio.Event().wait()


asyncio.run(main())
