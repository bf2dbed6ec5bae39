require "sinatra/base"

class Moons < Sinatra::Base
  set :root, "/app"
  enable :sessions
  set :session_secret, "for-tests-alone" * 8

  helpers do
    def title = "Moons"
  end

  get("/") { "Sinatra and the moons\n" }
  get("/planet/:name") { erb :planet, locals: { planet: params[:name] } }
  get("/db") do
    require "sequel"
    db = Sequel.sqlite
    db.create_table(:moons) { primary_key :id; String :name }
    db[:moons].insert(name: "Io")
    db[:moons].where(Sequel.like(:name, "I%")).all.inspect
  end
  get("/html") { require "nokogiri"; Nokogiri::HTML("<p>a<b>c").at_css("b").to_html }
  get("/xml") { require "rexml/document"; REXML::Document.new("<a><b/></a>").root.elements.first.name }
  get("/zone") { ENV["TZ"] = "Europe/Vienna"; Time.at(1719828000).to_s }
  get("/sha") { require "openssl"; OpenSSL::HMAC.hexdigest("SHA256", "k", "v") }
  get("/zip") { require "zlib"; Zlib::Inflate.inflate(Zlib::Deflate.deflate("abc")) }
  get("/set") { require "set"; require "ostruct"; OpenStruct.new(a: Set[1, 2].to_a).inspect }
  get("/net") { require "net/http"; begin; Net::HTTP.get(URI("http://127.0.0.1:9/")); rescue => e; e.class.name; end }
  get("/tmp") { require "tempfile"; Tempfile.create("a") { |f| f.write("x"); f.flush; File.size(f).to_s } }
  get("/yaml") { require "yaml"; YAML.load("a: [1, 2]").inspect }
  get("/csv") { require "csv"; CSV.generate { |c| c << ["a", "b,c"] } }
  get("/date") { require "date"; Date.new(2024, 2, 29).next_year.to_s + Date.parse("3rd Feb 2001").to_s }
  get("/enc") { "gr\u00fc\u00df \u65e5".encode("EUC-JP", undef: :replace).bytes.inspect + "x".encode("UTF-16").bytes.inspect }
  get("/user") { require "etc"; Etc.getpwuid(0).name + Etc.getgrnam("staff").name }
  get("/log") { require "logger"; require "stringio"; s = StringIO.new; Logger.new(s).info("hi"); s.string[/hi/] }
  get("/sess") { session[:n] = session.fetch(:n, 0) + 1; session[:n].to_s }
  get("/away") { redirect "/" }
  get("/send") { send_file "/app/public/moon.css" }
  get("/halt") { halt 403, "no" }
  get("/boom") { raise "boom" }
  post("/form") { params.to_a.inspect }
  post("/json") { require "json"; JSON.parse(request.body.read).inspect }
  put("/put") { request.body.read.reverse }
end

run Moons
