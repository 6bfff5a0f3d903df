using ServerlessCLM.Bench.Durable;
using ServerlessCLM.Bench.Features;
using ServerlessCLM.Bench.Transactions;

switch (args.FirstOrDefault())
{
    case "durable":
        await DurableBench.RunAsync(Console.Out);
        return 0;
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
        Console.Error.WriteLine("Which benchmark: durable, features, parse, pipeline");
        return 2;
}
