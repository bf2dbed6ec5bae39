<?php
namespace App\Page;

class Front { public function show(): string { return "PHP finds its classes\n"; } }
