<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Style;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/** What stands in parentheses has a blank on both sides. */
final class BlanksSniff implements Sniff
{
    public function register(): array
    {
        return [T_OPEN_PARENTHESIS];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        $closer = $tokens[$at]['parenthesis_closer'] ?? $at + 1;
        if ($closer === $at + 1) {
            return;
        }
        if ($tokens[$at + 1]['code'] !== T_WHITESPACE || $tokens[$closer - 1]['code'] !== T_WHITESPACE) {
            $file->addError('( what stands here ) has a blank on both sides', $at, 'Missing');
        }
    }
}
