using System.Reflection;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public class FunctionDescriptorTests
{
    /// <summary>Regression: hosts built at once took each other's trigger parameters for route values.</summary>
    [Fact]
    public void A_trigger_parameter_is_known_by_its_place_not_by_its_object()
    {
        var function = FunctionCatalogue.Of([typeof(Described)]).Functions.Single();
        var other = new OtherObject(function.TriggerParameter);
        Assert.NotSame(function.TriggerParameter, other);
        Assert.True(function.IsTrigger(other));
        Assert.False(function.IsTrigger(function.Method.GetParameters()[0]));
    }

    public sealed class Described
    {
        [Function("Described")]
        public static Task RunAsync(CancellationToken cancellation, [TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => Task.CompletedTask;
    }

    /// <summary>What a second thread may be given for the same parameter.</summary>
    private sealed class OtherObject(ParameterInfo same) : ParameterInfo
    {
        public override int Position => same.Position;
    }
}
