--TEST--
The class has the methods of the PHP interface, with their signatures
--EXTENSIONS--
flxchannel
--FILE--
<?php
require __DIR__ . '/../../php/autoload.php';
$names = fn (string $class): array => array_column((new ReflectionClass($class))->getMethods(), 'name');
var_dump($names(Flxchannel\Native::class) === $names(Flxchannel\Backend::class));
var_dump(count($names(Flxchannel\Native::class)) > 40);
$backend = new Flxchannel\ExtensionBackend();
var_dump($backend instanceof Flxchannel\Backend, $backend->require(Flxchannel\Codes::HEADER_VERSION));
var_dump($backend->versionString() === Flxchannel\Library::version(), phpversion('flxchannel') === (string) $backend->version());
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
int(0)
bool(true)
bool(true)
