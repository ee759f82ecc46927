/** Files that the bundler copies beside the bundle; the import is their address relative to it. */
declare module '*.ttf' {
  const url: string;
  export default url;
}
