--TEST--
An error is thrown as the exception of its code, with its facts
--EXTENSIONS--
flxchannel
--FILE--
<?php
require __DIR__ . '/../../php/autoload.php';
require __DIR__ . '/rig.inc';
$native = new Flxchannel\Native();
$client = client($native);
echo thrown(fn () => $native->describe('nothing'));
echo thrown(fn () => $native->clientOpen('{"chanel":"a"}'));
echo thrown(fn () => $native->orderSubmit($client, '{'));
echo thrown(fn () => $native->orderSubmit($client, "\xff"));
echo thrown(fn () => $native->outboxHistory($client, 'A-1'));
echo thrown(fn () => $native->pullOpen($client, 99, ''));
echo thrown(fn () => $native->ack($client, 'no receipt', '[]'));
echo thrown(fn () => $native->call($client, 'noSuch', '{}', 0));
try {
    $native->orderSubmit($client, '{"orderNumber":"A-1"}');
} catch (Flxchannel\OrderException $bad) {
    echo $bad->name, ' ', implode(' ', array_column($bad->faults, 'path')), ' ', $bad->verdict->text(), "\n";
}
?>
--EXPECT--
Flxchannel\ArgumentException -101
Flxchannel\ConfigException -105
Flxchannel\JsonException -104
Flxchannel\Utf8Exception -103
Flxchannel\NotFoundException -113
Flxchannel\ArgumentException -101
Flxchannel\ReceiptException -108
Flxchannel\OperationException -112
FLX_E_ORDER /shippingAddress /orderItems none
