# A web server of one thread. What only one answer needs is required when that answer is asked for.
require "socket"

def report
  require "erb"
  require "json"

  moons = { "Mars" => %w[Phobos Deimos], "Neptune" => %w[Triton] }
  ERB.new(File.read("/app/report.erb"), trim_mode: "-").result_with_hash(moons: moons)
end

ANSWERS = {
  "/" => -> { "Hello from Ruby!\n" },
  "/report" => -> { report },
}.freeze

# The path that a request asks for; its head is read up to the empty line.
def requested(client)
  path = client.gets.to_s[%r{\AGET (\S+) HTTP/1}, 1]
  nil until client.gets.to_s.strip.empty?
  path
end

def respond(client, status, body)
  client.write(
    "HTTP/1.1 #{status}\r\n",
    "Content-Type: text/plain\r\n",
    "Content-Length: #{body.bytesize}\r\n",
    "Connection: close\r\n",
    "\r\n",
    body
  )
end

def serve(client)
  answer = ANSWERS[requested(client)]
  if answer
    respond(client, "200 OK", answer.call)
  else
    respond(client, "404 Not Found", "there is no such page\n")
  end
rescue StandardError, ScriptError => e
  warn e.full_message
ensure
  client.close
end

$stdout.sync = true
server = TCPServer.new("0.0.0.0", 8080)
puts "listening on port 8080"
loop { serve(server.accept) }
