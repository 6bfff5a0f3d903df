using ServerlessCLM.Bench.Features;
using ServerlessCLM.Bench.Transactions;

switch (args.FirstOrDefault())
{
    case "features":
        FeaturesBench.Run(Console.Out);
        return 0;
    case "pipeline":
        PipelineBench.Run(Console.Out);
        return 0;
    case "parse":
        ParseBenchmark.Run(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("Which benchmark: features, parse, pipeline");
        return 2;
}
