<?php
namespace App\Page;

class Moon { public function show(): string { $name = $_GET['name'] ?? 'Io'; ob_start(); include '/app/templates/moon.phtml'; return ob_get_clean(); } }
