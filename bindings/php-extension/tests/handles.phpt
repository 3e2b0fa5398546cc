--TEST--
Handles are opaque, belong to their kind, and are closed once
--EXTENSIONS--
flxchannel
--FILE--
<?php
require __DIR__ . '/../../php/autoload.php';
require __DIR__ . '/rig.inc';
$native = new Flxchannel\Native();
$client = client($native);
var_dump($client);
echo thrown(fn () => new Flxchannel\NativeHandle());
echo thrown(fn () => (new ReflectionClass($client))->newInstanceWithoutConstructor());
echo thrown(fn () => clone $client);
echo thrown(fn () => serialize($client));
echo thrown(fn () => unserialize('O:23:"Flxchannel\NativeHandle":0:{}'));
echo thrown(fn () => $client->name = 1);
echo thrown(fn () => $native->clientStats(new stdClass()));
echo "of another kind: ", thrown(fn () => $native->pullNext($client, 0));
$pull = $native->pullOpen($client, 4, '');
$native->pullClose($pull);
$native->pullClose($pull);
echo "closed: ", thrown(fn () => $native->pullNext($pull, 0));
$native->pullClose($client); // closes what it is
echo "closed: ", thrown(fn () => $native->clientStats($client));
var_dump($native->pageCount($client), $native->pageFeed($client));
?>
--EXPECTF--
object(Flxchannel\NativeHandle)#%d (0) {
}
Error 0
ReflectionException 0
Error 0
Exception 0
Exception 0
Error 0
TypeError 0
of another kind: Flxchannel\HandleException -102
closed: Flxchannel\HandleException -102
closed: Flxchannel\HandleException -102
int(0)
int(-102)
