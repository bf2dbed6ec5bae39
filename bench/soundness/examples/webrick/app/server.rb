require 'webrick'

USES = {
  '/erb' => ->(_) { require 'erb'; moons = %w[Io Titan]; ERB.new(File.read('/app/page.erb')).result(binding) },
  '/erubi' => ->(_) { require 'erubi'; moons = %w[Io]; eval(Erubi::Engine.new(File.read('/app/page.erb')).src) },
  '/json' => ->(_) { require 'json'; JSON.pretty_generate(a: [1, nil]) },
  '/yaml' => ->(_) { require 'yaml'; YAML.load('a: [1, 2]').to_yaml },
  '/csv' => ->(_) { require 'csv'; CSV.parse("a,b\n1,\"x,y\"", headers: true).map(&:to_h).to_s },
  '/time' => ->(_) { require 'time'; Time.parse('2024-07-01 12:00 UTC').httpdate },
  '/date' => ->(_) { require 'date'; (Date.new(2024, 2, 29) >> 12).iso8601 },
  '/set' => ->(_) { require 'set'; Set[1, 2, 2].size.to_s },
  '/digest' => ->(_) { require 'digest'; Digest::SHA256.hexdigest('a') },
  '/ssl' => ->(_) { require 'openssl'; OpenSSL::Digest.new('SHA512').hexdigest('a')[0, 9] },
  '/key' => ->(_) { require 'openssl'; OpenSSL::PKey::RSA.new(2048).public_key.n.num_bits.to_s },
  '/net' => ->(_) { require 'net/http'; Net::HTTP.get(URI('http://127.0.0.1:8080/site/b.txt')) },
  '/refused' => ->(_) { require 'net/http'; Net::HTTP.get(URI('http://127.0.0.1:9/')) rescue $!.class.to_s },
  '/open' => ->(_) { require 'open-uri'; URI.open('http://127.0.0.1:8080/site/b.txt').read },
  '/open3' => ->(_) { require 'open3'; Open3.capture2('/usr/bin/ruby3.1', '-e', 'puts 1')[0] },
  '/temp' => ->(_) { require 'tempfile'; Tempfile.create('a') { |f| f.write('abc') }.to_s },
  '/file' => ->(_) { require 'fileutils'; FileUtils.mkdir_p('/tmp/a/b'); Dir.children('/tmp/a').to_s },
  '/zlib' => ->(_) { require 'zlib'; Zlib::Inflate.inflate(Zlib::Deflate.deflate('moon')) },
  '/socket' => ->(_) { require 'socket'; Socket.getservbyname('https').to_s },
  '/user' => ->(_) { require 'etc'; Etc.getpwuid(0).name },
  '/big' => ->(_) { require 'bigdecimal'; (BigDecimal('1') / 3).round(5).to_s },
  '/matrix' => ->(_) { require 'prime'; Prime.first(5).to_s },
  '/encode' => ->(_) { 'äé'.encode('ISO-8859-1').bytes.to_s + 'ж'.encode('KOI8-R').bytes.to_s + '日'.encode('Shift_JIS').bytes.to_s },
  '/normal' => ->(_) { 'ä'.unicode_normalize(:nfd).length.to_s },
  '/logger' => ->(_) { require 'logger'; require 'stringio'; out = StringIO.new; Logger.new(out, formatter: ->(*a) { a.last }).info('hi'); out.string },
  '/options' => ->(_) { require 'optparse'; o = {}; OptionParser.new { |p| p.on('-a N', Integer) }.parse!(%w[-a 3], into: o); o.to_s },
  '/shell' => ->(_) { require 'shellwords'; 'a "b c"'.shellsplit.to_s },
  '/random' => ->(_) { require 'securerandom'; SecureRandom.hex(8).length.to_s },
  '/pp' => ->(_) { require 'pp'; { a: 1 }.pretty_inspect },
  '/ostruct' => ->(_) { require 'ostruct'; OpenStruct.new(a: 1).a.to_s },
  '/fiber' => ->(_) { Fiber.new { 5 }.resume.to_s },
  '/ractor' => ->(_) { Ractor.new { 5 }.take.to_s },
  '/rexml' => ->(_) { require 'rexml/document'; REXML::Document.new('<a><b>1</b></a>').elements['a/b'].text },
  '/rack' => ->(_) { require 'rack'; Rack::Utils.parse_nested_query('a[b]=1').to_s },
  '/rackmime' => ->(_) { require 'rack'; Rack::Mime.mime_type('.svg') },
  '/mustermann' => ->(_) { require 'mustermann'; Mustermann.new('/:a/b').params('/x/b').to_s },
  '/timeout' => ->(_) { require 'timeout'; Timeout.timeout(0.01) { sleep 1 } rescue $!.class.to_s },
  '/why' => ->(_) { nil.moons rescue $!.message },
  '/mean' => ->(_) { 'a'.upcas rescue $!.message },
  '/boom' => ->(_) { raise 'boom' },
  '/form' => ->(request) { request.query.to_s },
  '/coverage' => ->(_) { require 'coverage'; Coverage.running?.to_s },
  '/ripper' => ->(_) { require 'ripper'; Ripper.sexp('1')[0].to_s },
  '/benchmark' => ->(_) { require 'benchmark'; Benchmark.realtime { 1 }.class.to_s }
}.freeze

server = WEBrick::HTTPServer.new(Port: 8080, BindAddress: '0.0.0.0', AccessLog: [], Logger: WEBrick::Log.new(File::NULL))
server.mount_proc('/') { |_, answer| answer.body = "WEBrick and the moons\n" }
server.mount('/site', WEBrick::HTTPServlet::FileHandler, '/app/site', FancyIndexing: true)
USES.each { |path, use| server.mount_proc(path) { |request, answer| answer.body = use.call(request) } }
server.start
