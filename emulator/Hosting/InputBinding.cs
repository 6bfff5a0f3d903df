namespace ServerlessCLM.Emulator;

/// <summary>Supplies the parameters that carry one kind of input attribute; register as a singleton.</summary>
/// <param name="AttributeType">A type derived from <see cref="InputBindingAttribute"/>.</param>
/// <param name="ValueType">What it supplies; the parameter must be able to take it.</param>
/// <param name="Bind">Makes the value for one run.</param>
internal sealed record InputBinding(Type AttributeType, Type ValueType, Func<InputBindingAttribute, FunctionContext, object> Bind);
