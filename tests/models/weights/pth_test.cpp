#include "models/weights/pickle.hpp"
#include "tests/models/weights/weight_files.hpp"

#include <torch/types.h>

namespace kaziranga::models {
namespace {

using namespace testing_files;

std::string named(const std::string& value) {
    return dict({{text("w"), value}});
}
std::string plain() {
    return named(tensor({}));
}

torch::Tensor only(const StateDict& weights) {
    EXPECT_EQ(weights.size(), 1U);
    return weights.at(0).second;
}

std::vector<float> values(const torch::Tensor& tensor) {
    return {tensor.data_ptr<float>(), tensor.data_ptr<float>() + tensor.numel()};
}

TEST(Pth, ReadsBothLayouts) {
    for (const std::string& file : {zip_pth(plain()), legacy_pth(plain())}) {
        const StateDict weights = read_bytes(file);
        EXPECT_EQ(weights.at(0).first, "w");
        EXPECT_EQ(values(only(weights)), (std::vector<float>{1, 2, 3, 4}));
    }
}

TEST(Pth, SurvivesEveryPrefixAndFlippedBits) {
    const std::string value = dict({{text("a"), tensor({})},
                                    {text("b"), tensor({.offset = 1, .sizes = {2, 2}, .strides = {1, 1}})},
                                    {text("c"), tensor({.sizes = {3, 4}, .strides = {0, 1}})}});
    expect_robust(zip_pth(value), 4000);
    expect_robust(legacy_pth(value), 4000);
}

TEST(Pth, ViewsAreGathered) {
    const StateDict weights =
        read_bytes(zip_pth(dict({{text("transposed"), tensor({.sizes = {2, 2}, .strides = {1, 2}})},
                                 {text("tail"), tensor({.offset = 2, .sizes = {2}})},
                                 {text("expanded"), tensor({.offset = 3, .sizes = {3}, .strides = {0}})},
                                 {text("scalar"), tensor({.offset = 1, .sizes = {}, .strides = {}})},
                                 {text("none"), tensor({.offset = 4, .sizes = {0, 3}, .strides = {3, 1}})}})));
    ASSERT_EQ(weights.size(), 5U);
    EXPECT_EQ(values(weights[0].second), (std::vector<float>{1, 3, 2, 4}));
    EXPECT_EQ(values(weights[1].second), (std::vector<float>{3, 4}));
    EXPECT_EQ(values(weights[2].second), (std::vector<float>{4, 4, 4}));
    EXPECT_EQ(values(weights[3].second), (std::vector<float>{2}));
    EXPECT_EQ(weights[4].second.sizes(), (std::vector<int64_t>{0, 3}));
    for (const auto& [name, tensor] : weights) {
        EXPECT_TRUE(tensor.is_contiguous()) << name;
        EXPECT_EQ(tensor.storage().nbytes(), tensor.nbytes()) << name;
    }
}

TEST(Pth, ViewsStayWithinTheirStorage) {
    constexpr int64_t kHuge = int64_t{1} << 62;
    const std::string outside = "reaches out of its storage", large = "shape is too large", negative = "negative";
    const std::vector<std::pair<View, std::string>> cases = {
        {{.sizes = {5}}, outside},
        {{.offset = 1}, outside},
        {{.offset = 5, .sizes = {0}}, outside},
        {{.offset = -1}, "no offset"},
        {{.sizes = {-4}}, negative},
        {{.sizes = {2, 2}, .strides = {3, 1}}, outside},
        {{.sizes = {2}, .strides = {-1}}, negative},
        {{.offset = 3, .sizes = {2}, .strides = {-1}}, negative},
        {{.sizes = {2, 2}, .strides = {1}}, "more sizes than strides"},
        {{.sizes = {3, 2}, .strides = {kHuge, 1}}, outside},
        {{.sizes = {3, 3}, .strides = {kHuge, kHuge}}, outside},
        {{.sizes = {5, 2}, .strides = {kHuge, 1}}, outside},
        {{.sizes = {kHuge, 4}, .strides = {0, 1}}, large},
        {{.sizes = {kHuge, 4, 0}, .strides = {0, 1, 1}}, large},
        {{.sizes = {kHuge}, .strides = {kHuge}}, large},
        {{.sizes = std::vector<int64_t>(40, 1), .strides = std::vector<int64_t>(40, 1)}, "too many dimensions"},
    };
    for (const auto& [view, message] : cases) {
        EXPECT_CONTAINS(error_of(zip_pth(named(tensor(view)))), message);
        EXPECT_CONTAINS(error_of(legacy_pth(named(tensor(view)))), message);
    }
}

TEST(Pth, ExpandedViewsMayNotFillTheMemory) {
    const View view = {.sizes = {1 << 30, 1 << 10}, .strides = {0, 0}};
    EXPECT_CONTAINS(error_of(zip_pth(named(tensor(view)))), "more memory");
    std::vector<std::pair<std::string, std::string>> many;
    for (int i = 0; i < 40; ++i) {
        many.emplace_back(text("w" + std::to_string(i)), tensor({.sizes = {1 << 21}, .strides = {0}}));
    }
    EXPECT_CONTAINS(error_of(zip_pth(dict(many))), "more memory");
}

TEST(Pth, StoragesHaveTheirStatedLength) {
    EXPECT_CONTAINS(error_of(zip_pth(plain(), floats({1, 2, 3}))), "stated length");
    EXPECT_CONTAINS(error_of(zip_pth(plain(), floats({1, 2, 3, 4, 5}))), "stated length");
    EXPECT_CONTAINS(error_of(zip_pth(named(tensor({.type = "DoubleStorage"})))), "stated length");
    EXPECT_CONTAINS(error_of(zip_pth(named(tensor({.length = -4})))), "length");
    EXPECT_CONTAINS(error_of(zip_pth(named(tensor({.key = "1"})))), "lacks the entry");
    EXPECT_CONTAINS(error_of(zip_pth(named(tensor({.key = "../byteorder"})))), "lacks the entry");
    EXPECT_CONTAINS(error_of(legacy_pth(named(tensor({.length = 5})))), "stated length");
    EXPECT_CONTAINS(error_of(legacy_pth(named(tensor({.key = "1"})))), "malformed");
    EXPECT_CONTAINS(error_of(legacy_pth(plain(), floats({1, 2, 3}))), "ends inside");
    EXPECT_CONTAINS(error_of(legacy_pth(plain(), floats({1, 2, 3, 4, 5}))), "follow the end");
}

TEST(Pth, LegacyFront) {
    const std::string number_bytes = std::string("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
    const auto file = [](const std::string& magic, int64_t version, const std::string& little_endian) {
        return pickle_of(magic) + pickle_of(number(version)) +
               pickle_of(dict({{text("little_endian"), little_endian}})) +
               legacy_pth(plain()).substr(kLegacyFront.size());
    };
    EXPECT_EQ(read_bytes(file("\x8a\x0a" + number_bytes, 1001, "\x88")).size(), 1U);
    EXPECT_CONTAINS(error_of(file("\x8a\x0b" + number_bytes + "\1", 1001, "\x88")), "wrong magic number");
    EXPECT_CONTAINS(error_of(file("\x8a\x0a" + number_bytes, 1002, "\x88")), "unknown version");
    EXPECT_CONTAINS(error_of(file("\x8a\x0a" + number_bytes, 1001, "\x89")), "big-endian");
}

TEST(Pth, LegacyStoragesAreDescribedOnce) {
    const std::string both = dict({{text("a"), tensor({})}, {text("b"), tensor({.type = "IntStorage"})}});
    EXPECT_CONTAINS(error_of(legacy_pth(both)), "two ways");
    const std::string twice = kLegacyFront + pickle_of(plain()) + pickle_of("](" + text("0") + text("0") + "e") +
                              raw<int64_t>(4) + floats({1, 2, 3, 4}) + raw<int64_t>(4) + floats({1, 2, 3, 4});
    EXPECT_CONTAINS(error_of(twice), "malformed");
    const std::string none = kLegacyFront + pickle_of(plain()) + pickle_of("]");
    EXPECT_CONTAINS(error_of(none), "missing");
}

TEST(Pth, LegacyViewsOfStorages) {
    const auto view_of = [](int64_t offset, int64_t length) {
        return View{.sizes = {2}, .metadata = tuple({text("5"), number(offset), number(length)})};
    };
    EXPECT_EQ(values(only(read_bytes(legacy_pth(named(tensor(view_of(1, 2))))))), (std::vector<float>{2, 3}));
    EXPECT_CONTAINS(error_of(legacy_pth(named(tensor(view_of(3, 2))))), "reaches out");
    EXPECT_CONTAINS(error_of(legacy_pth(named(tensor(view_of(1, 1))))), "reaches out");
    EXPECT_CONTAINS(error_of(legacy_pth(named(tensor(view_of(-1, 2))))), "reaches out");
}

TEST(Pth, BooleansAreZeroOrOne) {
    const std::string value = named(tensor({.type = "BoolStorage"}));
    EXPECT_EQ(only(read_bytes(zip_pth(value, std::string("\1\0\1\0", 4)))).sum().item<int64_t>(), 2);
    EXPECT_CONTAINS(error_of(zip_pth(value, std::string("\1\0\2\0", 4))), "neither 0 nor 1");
}

TEST(Pth, NamesThatAreNotAllowed) {
    for (const auto& [module, name] :
         std::vector<std::pair<std::string, std::string>>{{"os", "system"},
                                                          {"posix", "system"},
                                                          {"builtins", "eval"},
                                                          {"builtins", "getattr"},
                                                          {"torch._utils", "_rebuild_qtensor"},
                                                          {"torch._utils", "_rebuild_tensor_v22"},
                                                          {"torch", "load"},
                                                          {"torch", "ComplexFloatStorage"},
                                                          {"torch.jit", "load"},
                                                          {"numpy", "load"},
                                                          {"datetime", "system"},
                                                          {"timm.models", "create_model"}}) {
        const std::string call = global(module, name) + tuple({text("touch /tmp/x")}) + "R";
        EXPECT_CONTAINS(error_of(zip_pth(dict({{text("w"), tensor({})}, {text("x"), call}}))), module + "." + name);
        EXPECT_CONTAINS(error_of(legacy_pth(call)), module + "." + name);
        EXPECT_CONTAINS(error_of(zip_pth(text(module) + text(name) + "\x93)R")), module + "." + name);
    }
}

/// numpy.float64(71.2) as NumPy 1 and 2 pickle it, with its dtype.
std::string numpy_scalar(const std::string& package) {
    const std::string dtype = global("numpy", "dtype") + tuple({text("f8"), "\x89", "\x88"}) + "R" +
                              tuple({number(3), text("<"), "N", "N", "N", number(-1), number(-1), number(0)}) + "b";
    const std::string bytes = global("_codecs", "encode") + tuple({text("12345678"), text("latin1")}) + "R";
    return global(package + ".multiarray", "scalar") + tuple({dtype, bytes}) + "R";
}

TEST(Pth, NumbersOfNumPyAreInert) {
    for (const std::string package : {"numpy.core", "numpy._core"}) {
        const std::string value = dict({{text("state_dict"), plain()}, {text("best_acc"), numpy_scalar(package)}});
        EXPECT_EQ(only(read_bytes(zip_pth(value))).numel(), 4);
        EXPECT_EQ(only(read_bytes(legacy_pth(value))).numel(), 4);
        const std::string array = global(package + ".multiarray", "_reconstruct") +
                                  tuple({global("numpy", "ndarray"), tuple({number(0)}), text("b")}) + "R" +
                                  tuple({number(1), tuple({number(1)}), "N", "\x89", text("12345678")}) + "b";
        EXPECT_EQ(only(read_bytes(zip_pth(dict({{text("model"), plain()}, {text("history"), array}})))).numel(), 4);
    }
}

TEST(Pth, ObjectsOfUnknownClassesAreInertAndCallsRefused) {
    const std::string made = global("my.config", "Config") + ")\x81";
    const std::string with_state = made + dict({{text("lr"), number(1)}}) + "b";
    const std::string value = dict({{text("model"), plain()},
                                    {text("config"), with_state},
                                    {text("class"), global("my.config", "Config")},
                                    {global("my.callbacks", "Checkpoint"), number(1)}});
    EXPECT_EQ(only(read_bytes(zip_pth(value))).numel(), 4);
    EXPECT_EQ(only(read_bytes(legacy_pth(value))).numel(), 4);
    // A dict of a class of its own is a dict.
    const std::string easy = made + "(" + text("state_dict") + plain() + "u";
    EXPECT_EQ(only(read_bytes(zip_pth(easy))).numel(), 4);

    const std::string network = global("torch.nn.modules.linear", "Linear") + ")\x81" + plain() + "b";
    EXPECT_CONTAINS(error_of(zip_pth(network)),
                    "found an object of torch.nn.modules.linear.Linear); save the weights alone");
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text("model"), network}}))),
                    "'model' (an object of torch.nn.modules.linear.Linear)");
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text("model"), plain()}, {text("x"), global("my", "f") + ")R"}}))),
                    "'my.f' is not allowed in a weight file: the file calls it");
}

TEST(Pth, MoreTensorsThanAnyNetworkHas) {
    std::string value = "}(" + text("first") + tensor({}) + "q\7";
    for (int i = 1; i < 100'000; ++i) value += text(std::to_string(i)) + "h\7";
    EXPECT_EQ(read_bytes(zip_pth(value + "u")).size(), 100'000U);
    EXPECT_CONTAINS(error_of(zip_pth(value + text("last") + "h\7u")), "more tensors than any network");
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text(std::string(257, 'x')), tensor({})}}))),
                    "too long (expected at most 256, found 257 letters)");
}

TEST(Pth, PlainRecordsBesideTheWeightsArePassedOver) {
    const std::string space =
        global("argparse", "Namespace") + ")\x81" + dict({{text("lr"), "G" + std::string(8, '@')}}) + "b";
    const std::string big = "\x8a\x14" + std::string(20, '\7');
    const std::string value = dict({{text("model"), plain() + dict({{text("_metadata"), "}"}}) + "b"},
                                    {text("args"), space},
                                    {text("seed"), big},
                                    {number(3), "]"},
                                    {text("epoch"), number(4)}});
    EXPECT_EQ(only(read_bytes(zip_pth(value))).numel(), 4);
    EXPECT_EQ(only(read_bytes(legacy_pth(value))).numel(), 4);
}

TEST(Pth, PythonTwoPairs) {
    const std::string pair = "](U\1w" + tensor({}) + "e";
    EXPECT_EQ(only(read_bytes(legacy_pth(global("collections", "OrderedDict") + "](" + pair + "e\x85R"))).numel(), 4);
}

TEST(Pth, CallsTakeTheRightArguments) {
    const std::string rebuild = global("torch._utils", "_rebuild_tensor_v2");
    for (const std::string& call :
         {rebuild + ")R", rebuild + "NR", rebuild + tuple({number(1), number(2), number(3), number(4), "N", "N"}) + "R",
          rebuild + tuple({storage({}), number(0), "]", "]", "N", "N"}) + "R",
          rebuild +
              tuple({storage({}), number(0), numbers({4}), numbers({1}), "N", "}", dict({{text("conj"), "\x88"}})}) +
              "R",
          rebuild + ")\x81", global("torch._utils", "_rebuild_parameter") + tuple({"N", "N", "N"}) + "R",
          global("torch", "Size") + "NR", global("collections", "OrderedDict") + "N\x85R", text("x") + ")R",
          global("torch", "FloatStorage") + ")R", tuple({text("module"), "N", "N", "N", "N"}) + "Q", std::string("NQ"),
          tuple({text("storage"), "N", text("0"), text("cpu"), number(4)}) + "Q",
          tuple({text("storage"), global("collections", "OrderedDict"), text("0"), text("cpu"), number(4)}) + "Q"}) {
        error_of(zip_pth(dict({{text("w"), tensor({})}, {text("x"), call}})));
    }
}

TEST(Pth, TwoTensorsOfOneName) {
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text("w"), tensor({})}, {text("w"), tensor({})}}))), "twice");
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text("w"), tensor({})}, {number(1), tensor({})}}))), "no text");
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text("w"), tensor({})}, {text("\xff"), tensor({})}}))), "no text");
}

/// The key whose tensor was taken: a dict of one tensor under each of the keys, of different shapes.
std::string taken(const std::vector<std::string>& keys) {
    std::vector<std::pair<std::string, std::string>> items;
    for (size_t i = 0; i < keys.size(); ++i) {
        items.emplace_back(text(keys[i]), named(tensor({.sizes = {static_cast<int64_t>(i)}})));
    }
    return keys[static_cast<size_t>(only(read_bytes(zip_pth(dict(items)))).numel())];
}

TEST(Pth, WeightsAreLookedForInTheLikeliestPlace) {
    EXPECT_EQ(taken({"model", "optimizer"}), "model");
    EXPECT_EQ(taken({"teacher", "state_dict"}), "state_dict");
    EXPECT_EQ(taken({"state_dict", "model_ema", "state_dict_ema", "ema"}), "state_dict_ema");
    EXPECT_EQ(taken({"model", "swa", "model_ema"}), "model_ema");
    EXPECT_EQ(taken({"model", "EMA"}), "EMA");
    EXPECT_EQ(taken({"model", "average_model"}), "average_model");
    EXPECT_EQ(taken({"model", "schema"}), "model");
    EXPECT_EQ(taken({"net"}), "net");
    EXPECT_EQ(only(read_bytes(zip_pth(dict({{text("rng"), tensor({})}, {text("state_dict"), plain()}})))).numel(), 4);
    EXPECT_EQ(only(read_bytes(zip_pth(dict({{text("a"), dict({{text("state_dict"), plain()}})}})))).numel(), 4);
    EXPECT_EQ(only(read_bytes(zip_pth("](" + plain() + number(3) + "e"))).numel(), 4);
    EXPECT_CONTAINS(error_of(zip_pth(dict({{number(7), plain()}}))), "the keys an integer)");
    EXPECT_CONTAINS(error_of(zip_pth("}")), "an empty dict");
    EXPECT_CONTAINS(error_of(zip_pth("]")), "found a list");
}

TEST(Pth, TwoPlacesAreOnlyTakenWhereTheyAgree) {
    const std::string once = dict({{text("model"), plain() + "q\7"}, {text("state_dict"), "h\7"}});
    EXPECT_EQ(only(read_bytes(zip_pth(once))).numel(), 4);
    EXPECT_EQ(only(read_bytes(zip_pth(dict({{text("model"), plain()}, {text("state_dict"), plain()}})))).numel(), 4);
    const std::string other = named(tensor({.offset = 1, .sizes = {3}}));
    EXPECT_CONTAINS(error_of(zip_pth(dict({{text("model"), plain()}, {text("state_dict"), other}}))),
                    "in two places, and they differ (expected one state dict, found 'model' and 'state_dict')");
    // The better of two keys counts, whichever comes first.
    EXPECT_EQ(only(read_bytes(zip_pth(
                       dict({{text("last"), plain() + "q\7"}, {text("state_dict"), "h\7"}, {text("old"), other}}))))
                  .numel(),
              4);
}

TEST(Pickle, SelfReferringAndDeepValuesAreOnlyData) {
    std::string nested = "}q\1(" + text("self") + "h\1" + text("list") + "]q\2h\2a" + text("w") + tensor({}) + "u";
    EXPECT_EQ(only(read_bytes(zip_pth(nested))).numel(), 4);

    std::string deep;
    for (int i = 0; i < 300000; ++i) deep += ")";
    for (int i = 0; i < 299999; ++i) deep += "\x86";
    EXPECT_CONTAINS(error_of(zip_pth(deep)), "found a tuple");
    EXPECT_CONTAINS(error_of(zip_pth(std::string(300000, '('))), "unfinished");
    EXPECT_CONTAINS(error_of(zip_pth(std::string(3000000, '('))), "two million");
}

TEST(Pickle, RepetitionCostsWhatItsBytesCost) {
    std::string laughs = "]q\1";
    for (char level = 1; level < 30; ++level) {
        laughs += "](" + std::string("h") + level + "h" + level + "h" + level + "eq" + static_cast<char>(level + 1);
    }
    EXPECT_THROW(pickle::parse(pickle_of(laughs), "x"), core::Error);  // the stack is left with all of them
    const pickle::Document document = pickle::parse(pickle_of(laughs + "\x85" + std::string(28, '\x86') + "\x86"), "x");
    EXPECT_LT(document.values.size(), 200U);

    // A list of pairs, made into a new dict over and over.
    std::string pairs = global("collections", "OrderedDict") + "q\1](";
    for (int i = 0; i < 1000; ++i) pairs += "NN\x86";
    pairs += "eq\2\x85R";
    for (int i = 0; i < 3000; ++i) pairs += "h\1h\2\x85R";
    EXPECT_CONTAINS(message_of([&] { pickle::parse(pickle_of(pairs), "x"); }), "two million");
}

TEST(Pickle, MalformedStacks) {
    for (const std::string& code : {std::string("."),
                                    std::string("\x80\x02."),
                                    std::string("N"),
                                    std::string("0."),
                                    std::string("t."),
                                    std::string("(."),
                                    std::string("NN."),
                                    std::string("a."),
                                    std::string("Na."),
                                    std::string("NNa."),
                                    std::string("s."),
                                    std::string("}Ns."),
                                    std::string("}(Nu."),
                                    std::string("NNNs."),
                                    std::string("h\0.", 3),
                                    std::string("q\0.", 3),
                                    std::string("R."),
                                    std::string("NNR."),
                                    std::string("Nb."),
                                    std::string("NNb."),
                                    std::string("(\x85."),
                                    std::string("N(\x85\x31."),
                                    std::string("N(\x86."),
                                    std::string("\x93."),
                                    std::string("NN\x93."),
                                    std::string("\x94."),
                                    std::string("\x80\x06N."),
                                    std::string("cos"),
                                    std::string("cos\nsystem"),
                                    std::string("\x8b\xff\xff\xff\xff."),
                                    std::string("X\xff\xff\xff\xff."),
                                    std::string("T\xff\xff\xff\xff."),
                                    "\x8d" + std::string(8, '\xff') + ".",
                                    "\x8e" + std::string(8, '\xff') + ".",
                                    "\x95" + std::string(8, '\xff') + "N.",
                                    std::string("ios\nsystem\n."),
                                    std::string("(os\nsystem\no."),
                                    std::string("I1\n."),
                                    std::string("\x82\x01."),
                                    std::string("\x98N."),
                                    std::string("P0\n."),
                                    std::string("N2."),
                                    std::string("Vabc\n.")}) {
        EXPECT_THROW(pickle::parse(code, "x"), core::Error) << testing::PrintToString(code);
    }
}

TEST(Pickle, Numbers) {
    const auto integer = [](const std::string& code) {
        const pickle::Document document = pickle::parse(pickle_of(code), "x");
        const int64_t* value = document.get_if<int64_t>(document.root);
        return value == nullptr ? std::optional<int64_t>() : *value;
    };
    EXPECT_EQ(integer("K\xff"), 255);
    EXPECT_EQ(integer("M\xff\xff"), 65535);
    EXPECT_EQ(integer("J\xff\xff\xff\xff"), -1);
    EXPECT_EQ(integer(std::string("\x8a\0", 2)), 0);
    EXPECT_EQ(integer("\x8a\1\xff"), -1);
    EXPECT_EQ(integer(std::string("\x8a\2\xff\0", 4)), 255);
    EXPECT_EQ(integer(std::string("\x8a\x08\0\0\0\0\0\0\0\x80", 10)), std::numeric_limits<int64_t>::min());
    EXPECT_EQ(integer("\x8a\x09" + std::string(9, '\1')), std::nullopt);
    const pickle::Document real = pickle::parse(pickle_of(std::string("G\x40\x09\x21\xfb\x54\x44\x2d\x18", 9)), "x");
    EXPECT_EQ(*real.get_if<double>(real.root), 3.141592653589793);
}

}  // namespace
}  // namespace kaziranga::models
