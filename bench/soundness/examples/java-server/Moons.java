import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.nio.charset.*;
import java.nio.file.*;
import java.security.*;
import java.text.*;
import java.time.*;
import java.time.format.*;
import java.util.*;
import java.util.zip.*;

public class Moons {
    interface Use { Object answer(HttpExchange x) throws Exception; }

    static void say(HttpServer server, String path, Use use) {
        server.createContext(path, x -> {
            byte[] body;
            int status = 200;
            try {
                body = (use.answer(x) + "\n").getBytes(StandardCharsets.UTF_8);
            } catch (Throwable e) {
                body = (e + "\n").getBytes(StandardCharsets.UTF_8);
                status = 500;
            }
            x.sendResponseHeaders(status, body.length);
            x.getResponseBody().write(body);
            x.close();
        });
    }

    public static void main(String[] args) throws Exception {
        HttpServer s = HttpServer.create(new InetSocketAddress(8080), 0);
        say(s, "/", x -> "Java and the moons");
        say(s, "/zone", x -> ZonedDateTime.ofInstant(Instant.EPOCH, ZoneId.of("Asia/Tokyo")));
        say(s, "/zones", x -> ZoneId.getAvailableZoneIds().size());
        say(s, "/german", x -> DateTimeFormatter.ofPattern("EEEE MMMM", Locale.GERMAN).format(LocalDate.of(2024, 2, 29)));
        say(s, "/money", x -> NumberFormat.getCurrencyInstance(Locale.JAPAN).format(1234));
        say(s, "/charset", x -> Arrays.toString("gr\u00fc\u65e5".getBytes(Charset.forName("Shift_JIS"))));
        say(s, "/charsets", x -> Charset.availableCharsets().size());
        say(s, "/ebcdic", x -> Arrays.toString("a".getBytes("IBM037")));
        say(s, "/sha", x -> HexFormat.of().formatHex(MessageDigest.getInstance("SHA3-256").digest("a".getBytes())));
        say(s, "/key", x -> KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getAlgorithm());
        say(s, "/tls", x -> javax.net.ssl.SSLContext.getDefault().getDefaultSSLParameters().getProtocols().length);
        say(s, "/trust", x -> {
            var f = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
            f.init((KeyStore) null);
            return ((javax.net.ssl.X509TrustManager) f.getTrustManagers()[0]).getAcceptedIssuers().length;
        });
        say(s, "/providers", x -> Arrays.toString(Security.getProviders()));
        say(s, "/xml", x -> javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream("<a/>".getBytes())).getDocumentElement().getTagName());
        say(s, "/xslt", x -> javax.xml.transform.TransformerFactory.newInstance().newTransformer().getOutputProperty("method"));
        say(s, "/client", x -> {
            try { return java.net.http.HttpClient.newHttpClient().send(java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:9/")).build(), java.net.http.HttpResponse.BodyHandlers.ofString()).body(); }
            catch (ConnectException e) { return "refused"; }
        });
        say(s, "/zip", x -> { var c = new CRC32(); c.update("a".getBytes()); var d = new Deflater(); return c.getValue(); });
        say(s, "/regex", x -> "gr\u00fcn".matches("\\p{L}+"));
        say(s, "/logger", x -> { java.util.logging.Logger.getLogger("a").info("hi"); return "logged"; });
        say(s, "/prefs", x -> java.util.prefs.Preferences.userRoot().name());
        say(s, "/resource", x -> { var p = new Properties(); p.load(Moons.class.getResourceAsStream("/moons.properties")); return p; });
        say(s, "/temp", x -> Files.createTempFile("a", "b").getFileName().toString().length() > 3);
        say(s, "/type", x -> URLConnection.guessContentTypeFromName("a.png") + Files.probeContentType(Path.of("a.svg")));
        say(s, "/host", x -> InetAddress.getByName("localhost"));
        say(s, "/user", x -> System.getProperty("user.name") + Files.getOwner(Path.of("/etc")));
        say(s, "/script", x -> new javax.script.ScriptEngineManager().getEngineFactories().size());
        say(s, "/jmx", x -> java.lang.management.ManagementFactory.getRuntimeMXBean().getSpecName());
        say(s, "/sql", x -> java.sql.DriverManager.getDrivers().hasMoreElements());
        say(s, "/threads", x -> java.util.concurrent.ForkJoinPool.commonPool().submit(() -> 42).get());
        say(s, "/boom", x -> { throw new IllegalStateException("boom"); });
        s.start();
        System.out.println("listening");
    }
}
