using System.Reflection;
using Microsoft.Extensions.Compliance.Classification;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.Architecture.Tests;

public sealed class ContractsTests
{
    private static readonly string[] MayCarryContent = [nameof(ReceivedMessage), "ReplyGenerated", nameof(HumanReplied)];

    private static IEnumerable<Type> Records =>
        typeof(MessagesReceived).Assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false });

    [Fact]
    public void Every_message_says_whom_it_concerns_or_why_it_concerns_nobody()
    {
        var silent = MessageTypes
            .ByName.Values.Where(type =>
                type.GetProperty("SubjectId") is not { } subject || Bare(subject.PropertyType) != typeof(DataSubjectId)
            )
            .Where(type => type.GetCustomAttribute<NotPersonalAttribute>() is null)
            .Select(type => type.Name);
        silent.ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_of_a_message_has_a_category_or_says_why_it_needs_none()
    {
        var unclassified =
            from type in Records
            from property in type.GetProperties()
            where HoldsText(property.PropertyType)
            where
                property.GetCustomAttribute<DataClassificationAttribute>() is null
                && property.GetCustomAttribute<NotPersonalAttribute>() is null
            select $"{type.Name}.{property.Name}";
        unclassified.ShouldBeEmpty();
    }

    [Fact]
    public void Content_travels_in_three_contracts_only_and_only_sealed()
    {
        var carriers =
            from type in Records
            from property in type.GetProperties()
            where property.PropertyType == typeof(SealedContent)
            select type.Name;
        carriers.Distinct(StringComparer.Ordinal).ShouldBe(MayCarryContent, ignoreOrder: true);
    }

    // An interface on a message becomes a second message type on the bus, and a second exchange that nobody owns.
    [Fact]
    public void No_message_implements_an_interface_of_its_own()
    {
        var faces =
            from type in Records
            from face in type.GetInterfaces()
            where !(face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEquatable<>))
            select $"{type.Name}: {face.Name}";
        faces.ShouldBeEmpty();
    }

    // A name on the wire is for ever: a message that moves is another message, and its queues stay empty.
    [Fact]
    public void Names_on_the_wire_are_the_approved_ones()
    {
        var approved = File.ReadAllLines(Path.Combine(Repository.Root, "tests/Architecture.Tests/approved-messages.txt"));
        MessageTypes.ByName.Keys.Order(StringComparer.Ordinal).ShouldBe(approved.Order(StringComparer.Ordinal));
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool HoldsText(Type type) => type == typeof(string) || (type.IsGenericType && type.GetGenericArguments().Any(HoldsText));
}
