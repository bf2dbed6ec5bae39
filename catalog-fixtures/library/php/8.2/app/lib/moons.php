<?php
declare(strict_types=1);

/** @return list<string> the larger moons of a planet, none where it is not known */
function moons_of(string $planet): array
{
    return [
        'earth' => ['Moon'],
        'mars' => ['Phobos', 'Deimos'],
        'jupiter' => ['Io', 'Europa', 'Ganymede', 'Callisto'],
        'saturn' => ['Titan', 'Rhea', 'Iapetus'],
    ][$planet] ?? [];
}
