<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Style;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/**
 * Functions, methods and variables are snake_case, classes Upper_Snake; what is global begins with the plugin's name; a class
 * stands in the file that is called as it.
 */
final class NamesSniff implements Sniff
{
    public function register(): array
    {
        return [T_FUNCTION, T_VARIABLE, T_CLASS];
    }

    public function process(File $file, $at): void
    {
        $token = $file->getTokens()[$at];
        if ($token['code'] === T_VARIABLE) {
            if (!preg_match('/^\$[a-z0-9_]+$|^\$_(GET|POST|SERVER|COOKIE)$/', $token['content'])) {
                $file->addError('%s is not snake_case', $at, 'Variable', [$token['content']]);
            }
            $isGlobal = !$token['conditions'] && empty($token['nested_parenthesis']);
            if ($isGlobal && !preg_match('/^\$(flxchannel_|argv$|wpdb$)/', $token['content'])) {
                $file->addError('%s is global and does not begin with the plugin\'s name', $at, 'Prefix', [$token['content']]);
            }
            return;
        }
        $name = (string) $file->getDeclarationName($at);
        if ($token['code'] === T_CLASS) {
            $called = 'class-' . str_replace('_', '-', strtolower($name)) . '.php';
            if (!preg_match('/^Flxchannel(_[A-Z][A-Za-z]*)*$/', $name) || basename($file->getFilename()) !== $called) {
                $file->addError('%s is to be Flxchannel_Something, in %s', $at, 'ClassName', [$name, $called]);
            }
        } elseif (!preg_match('/^[a-z_][a-z0-9_]*$/', $name)) {
            $file->addError('%s is not snake_case', $at, 'FunctionName', [$name]);
        } elseif (!$token['conditions'] && !str_starts_with($name, 'flxchannel_')) {
            $file->addError('%s is global and does not begin with the plugin\'s name', $at, 'Prefix', [$name]);
        }
    }
}
