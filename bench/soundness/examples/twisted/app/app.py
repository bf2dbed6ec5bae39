from twisted.internet import reactor
from twisted.web import resource, server, static


class Use(resource.Resource):
    isLeaf = True

    def __init__(self, use):
        super().__init__()
        self.use = use

    def render_GET(self, request):
        from twisted.internet import defer
        from twisted.python.failure import Failure
        answer = defer.maybeDeferred(self.use, request)
        answer.addBoth(lambda value: finish(request, value.getErrorMessage() if isinstance(value, Failure) else value))
        return server.NOT_DONE_YET

    render_POST = render_GET


def finish(request, value):
    request.write(str(value).encode())
    request.finish()


def thread(request):
    from twisted.internet.threads import deferToThread
    return deferToThread(lambda: 6 * 7)


def later(request):
    from twisted.internet.task import deferLater
    return deferLater(reactor, 0.01, lambda: 'later')


def form(request):
    return {name: values for name, values in request.args.items()}


def agent(request):
    from twisted.web.client import Agent, readBody
    return Agent(reactor).request(b'GET', b'http://127.0.0.1:8080/site/a.html').addCallback(readBody)


def process(request):
    from twisted.internet.utils import getProcessOutput
    return getProcessOutput('/usr/bin/python3', ['-c', 'print(1)'])


def name(request):
    return reactor.resolve('localhost')


def failing(request):
    raise ValueError('boom')


def template(request):
    from twisted.web.template import Element, XMLString, flattenString, renderer

    class Moon(Element):
        loader = XMLString('<p xmlns:t="http://twistedmatrix.com/ns/twisted.web.template/0.1" t:render="name" />')

        @renderer
        def name(self, request, tag):
            return tag('Io')

    return flattenString(request, Moon())


def credentials(request):
    from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
    return len(InMemoryUsernamePasswordDatabaseDontUse(a='b').users)


def lines(request):
    from twisted.protocols.basic import LineReceiver
    return LineReceiver.delimiter


def mail(request):
    from twisted.mail.smtp import Address
    return Address('ada@example.org').domain


def words(request):
    from twisted.words.protocols.irc import parseModes
    return parseModes('+o', ['a'], ['o', ''])


def names(request):
    from twisted.names.dns import Name
    return Name(b'a.b').name


def plugins(request):
    from twisted.application.service import IServiceMaker
    from twisted.plugin import getPlugins
    return sorted(plugin.tapname for plugin in getPlugins(IServiceMaker))


def endpoint(request):
    from twisted.internet.endpoints import serverFromString
    return type(serverFromString(reactor, 'tcp:1')).__name__


def pickle(request):
    import pickle
    return pickle.loads(pickle.dumps({'a': 1}))


root = resource.Resource()
root.putChild(b'', Use(lambda request: 'Twisted and the moons\n'))
root.putChild(b'site', static.File('/app/site'))
for use in (thread, later, form, agent, process, name, failing, template, credentials, lines, mail, words, names, plugins, endpoint, pickle):
    root.putChild(use.__name__.encode(), Use(use))
reactor.listenTCP(8080, server.Site(root))
reactor.run()
