from aiohttp import web

routes = web.RouteTableDef()


@routes.get('/')
async def front(request):
    return web.Response(text='aiohttp and the moons\n')


@routes.get('/json')
async def json(request):
    return web.json_response({'moons': ['Io', 'Ganymed'], 'query': dict(request.query)})


@routes.post('/form')
async def form(request):
    data = await request.post()
    return web.json_response({name: value if isinstance(value, str) else value.filename for name, value in data.items()})


@routes.post('/parts')
async def parts(request):
    reader = await request.multipart()
    return web.json_response([[part.name, len(await part.read())] async for part in reader])


@routes.get('/stream')
async def stream(request):
    answer = web.StreamResponse()
    await answer.prepare(request)
    for word in (b'a', b'b', b'c'):
        await answer.write(word)
    return answer


@routes.get('/client')
async def client(request):
    from aiohttp import ClientSession
    async with ClientSession() as session, session.get('http://127.0.0.1:8080/json?a=1') as answer:
        return web.json_response(await answer.json())


@routes.get('/socket')
async def socket(request):
    from aiohttp import ClientSession
    async with ClientSession() as session, session.ws_connect('http://127.0.0.1:8080/ws') as ws:
        await ws.send_str('moon')
        return web.Response(text=await ws.receive_str())


@routes.get('/ws')
async def ws(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data.upper())
    return socket


@routes.get('/yaml')
async def yaml(request):
    import yaml
    return web.Response(text=yaml.safe_dump(yaml.safe_load('a: [1, 2]\nb: 2024-01-01')))


@routes.get('/process')
async def process(request):
    import asyncio
    import sys
    child = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(6 * 7)', stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    return web.Response(body=out)


@routes.get('/tls')
async def tls(request):
    import ssl
    return web.Response(text=str(ssl.create_default_context().verify_mode))


@routes.get('/xml')
async def xml(request):
    from xml.dom import minidom
    return web.Response(text=minidom.parseString('<a><b c="1"/></a>').toprettyxml())


@routes.get('/zip')
async def zip(request):
    import bz2
    import lzma
    import zlib
    return web.json_response([len(module.compress(b'a' * 1000)) for module in (bz2, lzma, zlib)])


@routes.get('/boom')
async def boom(request):
    raise RuntimeError('boom')


@routes.get('/away')
async def away(request):
    raise web.HTTPFound('/json')


@routes.get('/denied')
async def denied(request):
    raise web.HTTPForbidden(reason='no moon')


@routes.get('/idna/{name}')
async def idna(request):
    return web.Response(text=request.match_info['name'].encode('idna').decode())


@routes.get('/decimal')
async def decimal(request):
    from decimal import Decimal
    from fractions import Fraction
    from statistics import median
    return web.Response(text=f'{Decimal(1) / 3} {Fraction(1, 3)} {median([1, 2, 5])}')


@routes.get('/uuid')
async def uuid(request):
    import uuid
    return web.Response(text=str(uuid.uuid5(uuid.NAMESPACE_DNS, 'moon')))


@routes.get('/plist')
async def plist(request):
    import configparser
    import plistlib
    import tomllib
    parser = configparser.ConfigParser()
    parser.read_string('[a]\nb = 1')
    return web.Response(text=f'{plistlib.dumps({"a": 1}).decode()} {parser["a"]["b"]} {tomllib.loads("a = 1")}')


app = web.Application()
app.add_routes(routes)
app.router.add_static('/static', '/app/static', show_index=True)
web.run_app(app, port=8080)
