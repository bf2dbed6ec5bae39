<?php
namespace App\Page;

class Store { public function show(): string { return (new \App\Store\Moons())->first(); } }
