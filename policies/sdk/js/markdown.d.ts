// Texts that esbuild puts into the script: documentation of rules.

declare module "*.md" {
  const text: string;
  export default text;
}
