<?php

// A stand-in for WP-CLI, which Debian does not have: what of its documented interface the plugin's commands use.
//
//     php wp.php WP-LOAD flxchannel COMMAND [WORDS...] [--option=value...]

// phpcs:disable Squiz.Classes.ValidClassName, PSR1.Methods.CamelCapsMethodName -- the names are WP-CLI's

/** Takes commands, and says what they say. */
final class WP_CLI
{
    /** @var array<string, class-string> */
    public static array $commands = [];

    public static function add_command(string $name, string $class): void
    {
        self::$commands[$name] = $class;
    }

    public static function log(string $text): void
    {
        echo "$text\n";
    }

    public static function success(string $text): void
    {
        echo "Success: $text\n";
    }

    public static function warning(string $text): void
    {
        fwrite(STDERR, "Warning: $text\n");
    }

    public static function error(string $text): never
    {
        fwrite(STDERR, "Error: $text\n");
        exit(1);
    }
}

define('WP_CLI', true);
require __DIR__ . '/wp_cli_utils.php';
require $argv[1];

[, , $name, $command] = $argv;
$words = $options = [];
foreach (array_slice($argv, 4) as $word) {
    if (preg_match('/^--([a-z]+)(?:=(.*))?$/', $word, $option)) {
        $options[$option[1]] = $option[2] ?? true;
    } else {
        $words[] = $word;
    }
}
(new WP_CLI::$commands[$name]())->$command($words, $options);
