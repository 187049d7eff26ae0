// Loaded into the measured process. Prints its peak memory at exit.
process.on('exit', () => process.stderr.write(`\nmax-rss-kb ${process.resourceUsage().maxRSS}\n`));
