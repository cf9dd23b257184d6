using MassTransit;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.AiResponder.DataSubjects;

/// <summary>What the responder does about a person who asks.</summary>
internal static class DataSubjectsFeature
{
    public const string Service = "ai-responder";

    public static void AddDataSubjects(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EraseSubjectConsumer>();
        bus.AddConsumer<RectifySubjectConsumer>();
    }

    public static void MapDataSubjects(this IEndpointRouteBuilder routes)
    {
        routes.MapReceiptKey();
        routes.MapExportSubject();
    }
}
