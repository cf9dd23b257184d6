using WpAsis.EndToEnd.Tests.Clock;
using WpAsis.EndToEnd.Tests.Watching;
using Xunit.Sdk;
using Xunit.v3;

namespace WpAsis.EndToEnd.Tests;

/// <summary>The clock moves when nobody waits for yesterday any more; what was said is looked for when all of it has been said.</summary>
public sealed class LastThingsLast : ITestCollectionOrderer
{
    private static readonly string[] Last = [nameof(ClockTests), nameof(SecrecyTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Place).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Last, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
}
