<?php
require_once 'Twig/autoload.php';
spl_autoload_register(fn ($class) => is_file($file = '/app/src/' . strtr($class, '\\', '/') . '.php') && require $file);
$twig = fn () => new Twig\Environment(new Twig\Loader\FilesystemLoader('/app/templates'));
$text = fn ($source, $values = []) => (new Twig\Environment(new Twig\Loader\ArrayLoader(['a' => $source])))->render('a', $values);
$uses = [
    '/' => fn () => "Twig and the moons\n",
    '/moon' => fn () => $twig()->render('moon.html.twig', ['name' => 'io', 'facts' => ['round', 'grey']]),
    '/filters' => fn () => $text("{{ [3,1,2]|sort|reverse|first }}{{ 'a,b'|split(',')|last }}{{ 1234.5|number_format(2, ',', '.') }}{{ '<b>'|e }}"),
    '/macro' => fn () => $text('{% macro m(n) %}[{{ n }}]{% endmacro %}{% import _self as s %}{{ s.m(1) }}'),
    '/loop' => fn () => $text('{% for i in 1..3 %}{{ cycle(["a", "b"], i) }}{% else %}none{% endfor %}'),
    '/raw' => fn () => $text('{{ "<b>"|raw }}{{ random(1) in [0, 1] }}'),
    '/include' => fn () => $text('{{ include("none", ignore_missing: true) }}done'),
    '/error' => function () use ($text) { try { return $text('{{ a'); } catch (Twig\Error\SyntaxError $e) { return $e->getMessage(); } },
    '/missing' => function () use ($twig) { try { return $twig()->render('none.twig'); } catch (Twig\Error\LoaderError $e) { return get_class($e); } },
    '/sandbox' => fn () => get_class(new Twig\Extension\SandboxExtension(new Twig\Sandbox\SecurityPolicy())),
    '/debug' => fn () => get_class(new Twig\Extension\DebugExtension()),
    '/lexer' => fn () => (string) count(explode(' ', (string) (new Twig\Lexer($twig()))->tokenize(new Twig\Source('{{ 1 + 2 }}', 'a')))),
    '/own' => fn () => implode(',', (new Moons\Store())->all()),
    '/log' => function () {
        require_once 'Monolog/autoload.php';
        $log = new Monolog\Logger('moons');
        $log->pushHandler($handler = new Monolog\Handler\TestHandler());
        $log->warning('low tide', ['km' => 3]);
        return $handler->getRecords()[0]['message'];
    },
    '/logformat' => function () { require_once 'Monolog/autoload.php'; return (new Monolog\Formatter\JsonFormatter())->formatBatch([]); },
    '/yaml' => function () { require_once 'Symfony/Component/Yaml/autoload.php'; return json_encode(Symfony\Component\Yaml\Yaml::parse("a: [1, 2]\nb: 2024-01-01")); },
    '/dump' => function () { require_once 'Symfony/Component/Yaml/autoload.php'; return Symfony\Component\Yaml\Yaml::dump(['a' => ['b' => 1]]); },
    '/badyaml' => function () { require_once 'Symfony/Component/Yaml/autoload.php'; try { return Symfony\Component\Yaml\Yaml::parse('a: ['); } catch (Symfony\Component\Yaml\Exception\ParseException $e) { return $e->getMessage(); } },
    '/boom' => fn () => (new Moons\None())->x(),
];
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (!isset($uses[$path])) { http_response_code(404); echo 'no such moon'; return; }
echo $uses[$path]();
