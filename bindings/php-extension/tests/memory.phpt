--TEST--
Calls and their errors keep no memory
--EXTENSIONS--
flxchannel
--FILE--
<?php
require __DIR__ . '/../../php/autoload.php';
require __DIR__ . '/rig.inc';
$native = new Flxchannel\Native();
$client = client($native);
$round = function () use ($native, $client): void {
    for ($n = 0; $n < 1000; $n++) {
        $native->describe('config');
        $native->orderCheck('{"orderNumber":"A-1"}');
        $pull = $native->pullOpen($client, 4, '');
        $native->pullNext($pull, 0);
        $n % 2 ? $native->pullClose($pull) : null;
        unset($pull);
        try {
            $native->outboxHistory($client, 'A-1');
        } catch (Flxchannel\NotFoundException) {
        }
    }
};
$resident = fn (): int => (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4;
$round();
[$php, $all] = [memory_get_usage(), $resident()];
$round();
$round();
var_dump(memory_get_usage() - $php < 2000, $resident() - $all < 1000);
?>
--EXPECT--
bool(true)
bool(true)
