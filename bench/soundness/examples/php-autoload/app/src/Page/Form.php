<?php
namespace App\Page;

class Form { public function show(): string { return json_encode([$_POST, array_keys($_FILES), file_get_contents('php://input')]); } }
