// Loaded into the measured process: says at its end how much memory it had at most.
process.on('exit', () => process.stderr.write(`\nmax-rss-kb ${process.resourceUsage().maxRSS}\n`));
