--TEST--
No stack trace shows a token or an order
--EXTENSIONS--
flxchannel
--INI--
zend.exception_ignore_args=0
--FILE--
<?php
require __DIR__ . '/../../php/autoload.php';
require __DIR__ . '/rig.inc';
$native = new Flxchannel\Native();
$client = client($native);
foreach (
    [
        fn () => $native->clientOpen(json_encode([...config(), 'token' => "hushhush\n"])),
        fn () => $native->clientSetToken($client, "hushhush\n"),
        fn () => $native->orderSubmit($client, '{"orderNumber":"hushhush"}'),
        fn () => $native->call($client, 'noSuch', '{"body":"hushhush"}', 0),
    ] as $call
) {
    try {
        $call();
    } catch (Flxchannel\FlxException $thrown) {
        $shown = print_r(array_column($thrown->getTrace(), 'args'), true) . $thrown;
        var_dump(str_contains($shown, 'hushhush'), str_contains($shown, 'SensitiveParameterValue'));
    }
}
?>
--EXPECT--
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
