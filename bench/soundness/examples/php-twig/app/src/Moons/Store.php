<?php
namespace Moons;
class Store { public function all(): array { return ['Io', 'Titan']; } }
