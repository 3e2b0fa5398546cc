<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Style;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/** A text that is translated is a literal with the domain of its plugin; one with a place to fill has a word for translators. */
final class TextsSniff implements Sniff
{
    private const TRANSLATING = ['__', '_e', 'esc_html__', 'esc_attr__', 'esc_html_e', 'esc_attr_e'];

    public function register(): array
    {
        return [T_STRING];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        if (!in_array($tokens[$at]['content'], self::TRANSLATING, true)) {
            return;
        }
        $opener = $file->findNext(T_WHITESPACE, $at + 1, null, true);
        if ($tokens[$opener]['code'] !== T_OPEN_PARENTHESIS) {
            return;
        }
        $words = [];
        for ($place = $opener + 1; $place < $tokens[$opener]['parenthesis_closer']; $place++) {
            if (!in_array($tokens[$place]['code'], [T_WHITESPACE, T_COMMA], true)) {
                $words[] = $tokens[$place];
            }
        }
        $domains = ["'flxchannel'", "'flxchannel-woocommerce'"];
        if (array_unique(array_column($words, 'code')) !== [T_CONSTANT_ENCAPSED_STRING] || count($words) !== 2) {
            $file->addError('a text and its domain are literals', $at, 'NoLiteral');
        } elseif (!in_array($words[1]['content'], $domains, true)) {
            $file->addError('the domain is the plugin\'s name', $at, 'Domain');
        } elseif (preg_match('/%(\d\$)?[sd]/', $words[0]['content']) && !$this->isExplained($file, $at)) {
            $file->addError('a text with a place to fill has "translators:" in the line above', $at, 'Translators');
        }
    }

    private function isExplained(File $file, int $at): bool
    {
        $tokens = $file->getTokens();
        $comment = $file->findPrevious(T_COMMENT, $at);
        return $comment && str_contains($tokens[$comment]['content'], 'translators:')
            && $tokens[$at]['line'] - $tokens[$comment]['line'] === 1;
    }
}
