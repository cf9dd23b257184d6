using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Stripe;

namespace WpAsis.Sandbox.Stripe;

/// <summary>
/// Refuses what Stripe would refuse: a name that its own option class does not have, a word where a number belongs. What Stripe knows and
/// the sandbox would ignore is refused too.
/// </summary>
internal static class CheckParameters
{
    private static readonly string[] OfEveryList = ["limit", "starting_after", "ending_before"];

    public static void Run(FormNode form, Type options, IReadOnlyCollection<string> played)
    {
        if (options.IsAssignableTo(typeof(ListOptions)))
            played = [.. played, .. OfEveryList];
        CheckObject(form, options, played, "", "");
    }

    private static void CheckObject(FormNode node, Type type, IReadOnlyCollection<string> played, string path, string pattern)
    {
        foreach (var (name, child) in node.Children)
        {
            var param = path.Length == 0 ? name : $"{path}[{name}]";
            var inner = pattern.Length == 0 ? name : $"{pattern}.{name}";
            var property = Properties(type).FirstOrDefault(property => WireName(property) == name);
            if (property is null)
                throw StripeRefusal.Unknown(param);
            Check(child, property.PropertyType, played, param, inner);
        }
    }

    private static void Check(FormNode node, Type type, IReadOnlyCollection<string> played, string param, string pattern)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsAssignableTo(typeof(IAnyOf)))
            type = type.GenericTypeArguments.First(choice => IsScalar(choice) == (node.Children.Count == 0));
        if (IsScalar(type))
        {
            RequirePlayed(played, param, pattern);
            CheckScalar(node, type, param);
            return;
        }
        if (type.IsGenericType && type.IsAssignableTo(typeof(IDictionary)))
        {
            RequirePlayed(played, param, pattern);
            return;
        }
        if (type.IsGenericType && type.IsAssignableTo(typeof(IList)))
        {
            foreach (var (index, child) in node.Children)
                Check(child, type.GenericTypeArguments[0], played, $"{param}[{index}]", pattern);
            return;
        }
        CheckObject(node, type, played, param, pattern);
    }

    private static void RequirePlayed(IReadOnlyCollection<string> played, string param, string pattern)
    {
        if (pattern != "expand" && !played.Contains(pattern, StringComparer.Ordinal))
            throw StripeRefusal.NotPlayed(param);
    }

    private static void CheckScalar(FormNode node, Type type, string param)
    {
        if (node.Value is not { } value)
            throw StripeRefusal.Invalid($"Invalid {param}: a value is expected.", param);
        if (type == typeof(bool) && value is not ("true" or "false"))
            throw StripeRefusal.Invalid($"Invalid boolean: {value}", param, "parameter_invalid_boolean");
        var isNumber = type == typeof(long) || type == typeof(int) || type == typeof(DateTime);
        if (isNumber && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            throw StripeRefusal.Invalid($"Invalid integer: {value}", param, "parameter_invalid_integer");
    }

    private static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type.IsPrimitive || type == typeof(decimal) || type == typeof(DateTime) || type.IsEnum;
    }

    private static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string? WireName(PropertyInfo property) => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name;
}
