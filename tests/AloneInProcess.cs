namespace ServerlessCLM.Tests;

/// <summary>For tests that hear, or are changed by, what others do in the process: meters and listeners to traces are its own.</summary>
[CollectionDefinition(nameof(AloneInProcess), DisableParallelization = true)]
public sealed class AloneInProcess;
