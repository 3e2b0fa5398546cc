<?php

/*
 * Loads the classes of flxchannel when they are named:  require '.../autoload.php';
 *
 * Composer requires this file by itself; a plugin without Composer requires it by hand.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (!str_starts_with($class, 'Flxchannel\\')) {
        return;
    }
    $name = substr($class, strlen('Flxchannel\\'));
    $file = match (true) {
        str_ends_with($name, 'Exception') => 'Codes/errors',
        in_array($name, ['Codes', 'Feed', 'ShipmentKind', 'Verdict'], true) => 'Codes/codes',
        in_array($name, ['ErrorClasses', 'Named'], true) => "Codes/$name",
        str_ends_with($name, 'Backend'), str_starts_with($name, 'Ffi') => "Backend/$name",
        default => $name,
    };
    if (!is_file(__DIR__ . "/src/$file.php")) {
        return;
    }
    // A signal handler that throws in the middle would leave the file loaded and the class unknown, for good.
    $isAsync = function_exists('pcntl_async_signals') && pcntl_async_signals(false);
    try {
        require_once __DIR__ . "/src/$file.php";
    } finally {
        if ($isAsync) {
            pcntl_async_signals(true);
            pcntl_signal_dispatch();
        }
    }
});
