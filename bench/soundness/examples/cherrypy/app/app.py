import cherrypy


class Moons:
    @cherrypy.expose
    def index(self):
        return 'CherryPy and the moons\n'

    @cherrypy.expose
    def moon(self, name='Io'):
        return f'moon {name}'

    @cherrypy.expose
    @cherrypy.tools.json_out()
    @cherrypy.tools.json_in()
    def json(self):
        return {'got': cherrypy.request.json}

    @cherrypy.expose
    def visits(self):
        cherrypy.session['n'] = cherrypy.session.get('n', 0) + 1
        return str(cherrypy.session['n'])

    @cherrypy.expose
    def upload(self, f):
        return f'{f.filename} {f.content_type} {len(f.file.read())}'

    @cherrypy.expose
    @cherrypy.tools.gzip()
    def long(self):
        return 'moon ' * 200

    @cherrypy.expose
    @cherrypy.tools.caching(delay=60)
    def cached(self):
        return 'cached'

    @cherrypy.expose
    def away(self):
        raise cherrypy.HTTPRedirect('/moon')

    @cherrypy.expose
    def gone(self):
        raise cherrypy.HTTPError(410, 'gone')

    @cherrypy.expose
    def boom(self):
        return 1 / 0

    @cherrypy.expose
    def download(self):
        return cherrypy.lib.static.serve_file('/app/static/a.txt', 'text/plain', 'attachment')

    @cherrypy.expose
    def xml(self):
        from lxml import etree
        root = etree.fromstring('<a><b>1</b><b>2</b></a>')
        sheet = etree.XSLT(etree.XML(
            '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
            '<xsl:template match="/"><n><xsl:value-of select="sum(//b)"/></n></xsl:template></xsl:stylesheet>'))
        return str(sheet(root))

    @cherrypy.expose
    def html(self):
        from lxml import html
        return html.fromstring('<p>a<b>c').text_content()

    @cherrypy.expose
    def valid(self):
        from lxml import etree
        schema = etree.RelaxNG(etree.XML('<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"><empty/></element>'))
        return str(schema.validate(etree.XML('<a/>')))

    @cherrypy.expose
    def image(self, kind):
        import io
        from PIL import Image, ImageDraw
        picture = Image.new('RGB', (8, 8), 'red')
        ImageDraw.Draw(picture).line((0, 0, 7, 7), fill='blue')
        out = io.BytesIO()
        picture.save(out, kind)
        out.seek(0)
        return str(Image.open(out).size)

    @cherrypy.expose
    def font(self):
        from PIL import ImageFont
        return str(ImageFont.load_default().getmask('moon').size)

    @cherrypy.expose
    def ico(self):
        from PIL import features
        return str(features.check('freetype2'))


cherrypy.config.update({'server.socket_host': '0.0.0.0', 'server.socket_port': 8080, 'log.screen': False,
                        'engine.autoreload.on': False})
cherrypy.quickstart(Moons(), '/', {
    '/': {'tools.sessions.on': True, 'tools.encode.on': True},
    '/static': {'tools.staticdir.on': True, 'tools.staticdir.dir': '/app/static'},
    '/secret': {'tools.auth_basic.on': True, 'tools.auth_basic.realm': 'moon',
                'tools.auth_basic.checkpassword': lambda realm, user, password: user == 'ada'},
})
