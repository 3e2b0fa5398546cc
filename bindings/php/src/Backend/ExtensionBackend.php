<?php

declare(strict_types=1);

namespace Flxchannel;

/** The library through the C extension, bindings/php-extension. Its handles go with the request, whatever ends it. */
final class ExtensionBackend extends Native implements Backend
{
}
