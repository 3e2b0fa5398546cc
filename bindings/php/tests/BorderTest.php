<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\Backend;
use Flxchannel\Codes;
use Flxchannel\Json;
use Flxchannel\Library;
use Flxchannel\LibraryException;

// What of the header PHP has no need of: other forms of what it has, what back ends use by themselves, and what `flx` does once.
const UNUSED = '/^flx_(config|order_builder|error|blob|cancel|client_set_cancel|sync_run|status_name|state_move)'
    . '|^flx_page_(listing|order|shipment|return)/';

return [
    'every function of the header has a method' => function (): void {
        preg_match_all('/^FLX_API .*\b(flx_\w+)\(/m', file_get_contents(__DIR__ . '/../../../include/flxchannel.h'), $found);
        $method = fn (string $name): string => lcfirst(str_replace('_', '', ucwords(substr($name, 4), '_')));
        $wanted = array_map($method, preg_grep(UNUSED, $found[1], PREG_GREP_INVERT));
        $methods = get_class_methods(Backend::class);
        holds(count($wanted) > 40, 'functions are found');
        same([[], []], [array_diff($wanted, $methods), array_diff($methods, $wanted)]);
    },
    'a library of another release is refused' => function (): void {
        // The interface as a class whose methods say one thing.
        $code = substr(file_get_contents((new \ReflectionClass(Backend::class))->getFileName()), strlen('<?php'));
        $code = str_replace(['interface Backend', ': void;'], ['final class OldBackend implements Backend', ': void { }'], $code);
        $code = preg_replace('/(function (\w+).*: [\w|]+);$/m', '$1 { return self::SAYS["$2"] ?? ""; }', $code);
        eval(preg_replace('/}\s*$/', 'const SAYS = ["require" => -111, "versionString" => "9.9.9"]; }', $code));
        $refused = thrown(LibraryException::class, fn () => Library::use(new \Flxchannel\OldBackend()));
        same('the library is 9.9.9; this package is for header version ' . Codes::HEADER_VERSION, $refused->getMessage());
    },
    'JSON is read and written exactly' => function (Place $at): void {
        $json = '{"price":20,"cost":19.990,"id":9223372036854775808,"n":9223372036854775807,"map" : 1e3,"weight":null,'
            . '"title":"\"price\":20.5, \\\\","rate":0.30,"price2":-5,"list":[1,2.50,-1.5E-3],"msrp":"7.00","no":false}';
        $wanted = ['price' => '20', 'cost' => '19.990', 'id' => '9223372036854775808', 'n' => PHP_INT_MAX, 'map' => '1e3',
            'weight' => null, 'title' => '"price":20.5, \\', 'rate' => '0.30', 'price2' => -5, 'list' => [1, '2.50', '-1.5E-3'],
            'msrp' => '7.00', 'no' => false];
        same($wanted, Json::exact($json));
        $at = new \DateTimeImmutable('2026-01-31T12:00:00.25+01:00');
        $written = Json::value(['at' => $at, 'o' => new \stdClass(), 'k' => 'é/']);
        same('{"at":"2026-01-31T12:00:00.250000+01:00","o":{},"k":"é/"}', $written);
    },
    'text of any size is read, also without the compiler of patterns' => function (Place $at): void {
        foreach (['1', '0'] as $jit) {
            ini_set('pcre.jit', $jit);
            $text = str_repeat('\\"\\\\1.5 ', 1_000_000);
            same([str_repeat('"\\1.5 ', 1_000_000), '1.50'], Json::exact("[\"$text\",1.50]"), "jit $jit");
            same(2_000_000, count(Json::exact('[' . str_repeat('1.5,', 1_999_999) . '2]')));
        }
    },
    'ids up to 64 bits are int, beyond them text; a row whose own id is beyond is told of' => function (Place $at): void {
        $beyond = '9223372036854775808';
        $set = ['[0].id' => '9223372036854775807', '[0].productVariantId' => $beyond, '[1].id' => $beyond];
        $at->asked('faults', ['do' => 'mutate', 'path' => '/listing/variants', 'times' => 0, 'set' => $set]);
        $client = $at->client();
        foreach ($client->pull('listings_to_sync') as $page) {
            $record = $page->records()[0];
            same([PHP_INT_MAX, $beyond], [$record['id'], $record['productVariantId']]);
            same([$beyond], array_column($page->quarantine(), 'id'));
            $client->ack($page->receipt(), [['id' => $record['id']]]);
            break;
        }
        $sent = preg_replace('/\D+/', ' ', json_encode($client->preview()));
        holds(str_contains($sent, ' 9223372036854775807 '), 'it leaves as it came');
    },
];
