import ArgumentParser
struct Score: ParsableCommand {}
