// What libraries inherit from that can also be used as streams. Nobody streams here.
export class Stream {}
export class Transform extends Stream {}
