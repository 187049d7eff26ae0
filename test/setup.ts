import SchemaBuilder from '@pothos/core';

// Files of one worker share the modules of packages, but load ours again.
SchemaBuilder.allowPluginReRegistration = true;
