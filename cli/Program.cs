using System.CommandLine;
using ServerlessCLM.Cli;
using ServerlessCLM.Cli.Features;
using ServerlessCLM.Cli.Replay;

var root = new RootCommand("ServerlessCLM on the command line") { ReplayCommand.Create(), FeaturesCommand.Create() };
return await CommandHost.RunAsync(root, args);
