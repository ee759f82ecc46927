// The README as a package holds it: the editor shows it on the extension's page, where pictures and links of files don't work.

const PICTURE = /^!\[[^\]]*\]\((?!\w+:)[^)]+\)\n+/gm;
const LINK = /(?<!!)\[([^\]]+)\]\((?!\w+:|#)[^)]+\)/g;
const REPOSITORY = /^<!-- repository -->\n[^]*?^<!-- \/repository -->\n+/gm;

/** The text without pictures and without what only the repository is asked for; links to files become what they say. */
export const packagedReadme = (text) => text.replace(REPOSITORY, '').replace(PICTURE, '').replace(LINK, '$1');
