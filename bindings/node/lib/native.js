'use strict';
/* The addon and, behind it, the library: found and loaded once. */

const fs = require('node:fs');
const path = require('node:path');

const SONAME = 'libflxchannel.so.1';
const VARIABLE = 'FLXCHANNEL_LIBRARY';
const TARGET = path.join(__dirname, '..', 'prebuilds', `${process.platform}-${process.arch}`);

function loadAddon() {
    const file = path.join(TARGET, 'flxchannel.node');
    if (!fs.existsSync(file)) {
        throw new Error(`flxchannel has no addon at ${file}; from the sources, make -C bindings/node builds it`);
    }
    return require(file);
}

/* The file that the environment names, or the one that came with the package, or what the loader of the system finds. */
function libraryPath() {
    const packaged = path.join(TARGET, SONAME);
    return process.env[VARIABLE] || (fs.existsSync(packaged) ? packaged : SONAME);
}

const addon = loadAddon();
const why = addon.load(Buffer.from(libraryPath()));
if (why !== null) {
    throw new Error(`${why}; install ${SONAME} where the loader finds it, or name its file in ${VARIABLE}`);
}
/* process.exit() does not run the hooks of addons: without this, threads would be inside the library while it is torn down. */
process.once('exit', addon.stop);

module.exports = addon;
