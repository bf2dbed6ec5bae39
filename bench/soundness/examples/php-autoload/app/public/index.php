<?php
declare(strict_types=1);

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (is_file(__DIR__ . $path)) {
    return false;
}
spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/../src/' . str_replace('\\', '/', substr($class, 4)) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
$routes = require __DIR__ . '/../src/routes.php';
if (isset($routes[$path])) {
    $page = 'App\\Page\\' . $routes[$path];
    echo (new $page())->show();
    return true;
}
$uses = [
    '/zone' => fn () => (new DateTime('2024-07-01', new DateTimeZone('UTC')))->setTimezone(new DateTimeZone('Asia/Kolkata'))->format('c'),
    '/zones' => fn () => count(DateTimeZone::listIdentifiers()),
    '/local' => fn () => (date_default_timezone_set('America/Lima') ? date('c', 0) : ''),
    '/mb' => fn () => mb_strtoupper('grüß') . bin2hex(mb_convert_encoding('日本', 'SJIS', 'UTF-8')),
    '/iconv' => fn () => bin2hex(iconv('UTF-8', 'ISO-8859-15//TRANSLIT', '€')),
    '/iconv2' => fn () => bin2hex(iconv('UTF-8', 'EUC-KR', '한')),
    '/dom' => fn () => (function () { $d = new DOMDocument(); $d->loadHTML('<p>a<b>c'); return $d->saveHTML(); })(),
    '/simplexml' => fn () => (string) simplexml_load_string('<a><b>1</b></a>')->b,
    '/xslt' => fn () => class_exists('XSLTProcessor') ? 'yes' : 'no',
    '/intl' => fn () => (new NumberFormatter('de_AT', NumberFormatter::CURRENCY))->formatCurrency(1234.5, 'EUR') . Normalizer::normalize('é'),
    '/collate' => fn () => implode((function () { $a = ['z', 'ä', 'a']; (new Collator('de'))->sort($a); return $a; })()),
    '/hash' => fn () => hash('xxh3', 'a') . hash('sha3-256', 'a') . bin2hex(openssl_digest('a', 'sha256', true)),
    '/crypt' => fn () => openssl_decrypt(openssl_encrypt('secret', 'aes-256-cbc', 'k', 0, str_repeat('i', 16)), 'aes-256-cbc', 'k', 0, str_repeat('i', 16)),
    '/sodium' => fn () => function_exists('sodium_crypto_generichash') ? bin2hex(sodium_crypto_generichash('a')) : 'none',
    '/json' => fn () => json_encode(['a' => [1, 2.5, null], 'ü' => '€']),
    '/regex' => fn () => preg_replace('/\p{L}+/u', 'x', 'grüß 1'),
    '/zlib' => fn () => gzuncompress(gzcompress('abc')),
    '/ext' => fn () => implode(',', get_loaded_extensions()),
    '/ini' => fn () => php_ini_loaded_file() . ini_get('memory_limit'),
    '/info' => fn () => (function () { ob_start(); phpinfo(INFO_MODULES); return substr_count((string) ob_get_clean(), "\n") > 100 ? 'long' : 'short'; })(),
    '/user' => fn () => posix_getpwuid(0)['name'],
    '/proto' => fn () => getservbyname('https', 'tcp') . getprotobyname('icmp'),
    '/host' => fn () => gethostbyname('localhost'),
    '/tls' => fn () => count(openssl_get_cert_locations()) . (is_readable(openssl_get_cert_locations()['default_cert_file']) ? 'file' : 'none'),
    '/session' => fn () => (session_start() ? 'started' : 'not') . session_save_path(),
    '/upload' => fn () => sys_get_temp_dir() . (tempnam('/tmp', 'a') ? 'ok' : 'no'),
    '/locale' => fn () => setlocale(LC_ALL, 'C.UTF-8'),
    '/boom' => fn () => throw new RuntimeException('boom'),
];
if (!isset($uses[$path])) {
    http_response_code(404);
    echo "no such page\n";
    return true;
}
echo $uses[$path]();
