export declare function entries(): {
  readonly name: string;
  readonly file: string;
  readonly page: string;
  readonly description: string;
}[];
