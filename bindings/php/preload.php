<?php

/*
 * opcache.preload = .../preload.php: loads all classes once, before the workers of php-fpm are made.
 *
 * PHP hands a header of ffi.preload to preloaded classes only; nothing of the library is called here.
 */

declare(strict_types=1);

require_once __DIR__ . '/autoload.php';

foreach (['', 'Backend/', 'Codes/'] as $folder) {
    foreach (glob(__DIR__ . "/src/$folder*.php") as $file) {
        // This class has its parent in the C extension, which makes FFI needless.
        if (basename($file) !== 'ExtensionBackend.php') {
            require_once $file;
        }
    }
}
