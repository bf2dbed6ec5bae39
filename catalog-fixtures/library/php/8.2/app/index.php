<?php
// Answers `/?planet=NAME` with the moons that are known of it.
declare(strict_types=1);

header('Content-Type: application/json');

$planet = $_GET['planet'] ?? 'earth';

// ctype and iconv are shared objects, which the interpreter loads when it starts
if (!ctype_alpha($planet)) {
    http_response_code(400);
    echo json_encode(['error' => 'a planet is named by its letters']), "\n";
    return;
}

require_once __DIR__ . '/lib/moons.php';

$moons = moons_of(strtolower($planet));
echo json_encode([
    'planet' => ucfirst(strtolower($planet)),
    'moons' => $moons,
    'letters' => array_map(fn (string $moon): int => iconv_strlen($moon, 'UTF-8'), $moons),
], JSON_UNESCAPED_UNICODE), "\n";
