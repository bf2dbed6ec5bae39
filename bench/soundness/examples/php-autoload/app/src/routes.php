<?php return ["/" => "Front", "/moon" => "Moon", "/store" => "Store", "/form" => "Form"];
