<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Style;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/** A text that is translated is a literal with the domain of its plugin; one with a place to fill has a word for translators. */
final class TextsSniff implements Sniff
{
    /** With how many texts each has before its domain; the third thing of `_n` is a number. */
    private const TRANSLATING = ['__' => 1, 'esc_html__' => 1, 'esc_attr__' => 1, 'esc_html_e' => 1, 'esc_attr_e' => 1, '_n' => 2];

    public function register(): array
    {
        return [T_STRING];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        $texts = self::TRANSLATING[$tokens[$at]['content']] ?? 0;
        if ($texts === 0) {
            return;
        }
        $opener = $file->findNext(T_WHITESPACE, $at + 1, null, true);
        if ($tokens[$opener]['code'] !== T_OPEN_PARENTHESIS) {
            return;
        }
        $words = array_values(array_filter(
            array_slice($tokens, $opener + 1, $tokens[$opener]['parenthesis_closer'] - $opener - 1),
            fn (array $token): bool => !in_array($token['code'], [T_WHITESPACE, T_COMMA], true),
        ));
        $literals = [...array_slice($words, 0, $texts), end($words)];
        $areLiterals = array_unique(array_column($literals, 'code')) === [T_CONSTANT_ENCAPSED_STRING];
        $domains = ["'flxchannel'", "'flxchannel-woocommerce'"];
        if (!$areLiterals || count($literals) !== $texts + 1 || ($texts === 1 && count($words) !== 2)) {
            $file->addError('a text and its domain are literals', $at, 'NoLiteral');
        } elseif (!in_array(end($words)['content'], $domains, true)) {
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
