<?php
namespace App\Store;

class Moons { public function first(): string { $db = new \PDO('sqlite::memory:'); $db->exec('create table m (n)'); $db->exec("insert into m values ('Io')"); return $db->query('select n from m')->fetchColumn(); } }
