/// A kind of goods: what it is called, how it varies, what it costs.
struct ProductLine {
    struct Option {
        var name: String
        var values: [(text: String, code: String)]

        init(_ name: String, _ values: String) {
            self.name = name
            self.values = values.split(separator: ",").map { value in
                let halves = value.split(separator: "=")
                return (String(halves[0]), String(halves[halves.count - 1]))
            }
        }
    }

    var code: String
    var categories: [String]
    var nouns: [String]
    var brands: [String]
    var materials: [String]
    var options: [Option]
    /// Cents, from the cheapest to the dearest.
    var price: ClosedRange<Int>
    /// Hundredths of a pound.
    var weight: ClosedRange<Int>
    var features: [String]

    init(
        _ code: String, _ categories: String, nouns: String, brands: String, materials: String, options: [Option],
        price: ClosedRange<Int>, weight: ClosedRange<Int>, features: String
    ) {
        func split(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
        self.code = code
        self.categories = categories.split(separator: ">").map(String.init)
        (self.nouns, self.brands, self.materials) = (split(nouns), split(brands), split(materials))
        (self.options, self.price, self.weight, self.features) = (options, price, weight, split(features))
    }
}

extension ProductLine {
    private static let sizes = Option("Size", "XS,S,M,L,XL,2XL")
    private static let colours = Option("Color", "Black=BLK,Oxford Blue=OXB,Moss=MOS,Rust=RST,Sand=SND")
    private static let shoeSizes = Option("Size", "7,7.5=75,8,8.5=85,9,9.5=95,10,11,12")
    private static let softColours = Option("Color", "Ivory=IVY,Slate=SLT,Terracotta=TRC,Sage=SGE")

    static let all: [ProductLine] = [
        ProductLine(
            "TEE", "Apparel>Tops>T-Shirts", nouns: "Crew Tee,Pocket Tee,Trail Tee,Everyday Tee", brands: "Northfold,Harbor & Pine",
            materials: "organic cotton,merino blend,linen", options: [sizes, colours], price: 1800...4200, weight: 30...60,
            features: "Preshrunk,Taped shoulder seams,Tagless neck"),
        ProductLine(
            "JKT", "Apparel>Outerwear>Jackets", nouns: "Rain Shell,Field Jacket,Down Parka,Wind Anorak",
            brands: "Northfold,Cairnline",
            materials: "recycled nylon,waxed canvas,softshell", options: [sizes, Option("Color", "Black=BLK,Ink=INK,Olive=OLV")],
            price: 8900...32900, weight: 120...320, features: "Two-way zip,Storm flap,Packs into its pocket"),
        ProductLine(
            "SHO", "Footwear>Shoes>Trail Running", nouns: "Ridge Runner,Scree Trainer,Fell Shoe", brands: "Cairnline,Strada",
            materials: "engineered mesh,ripstop", options: [shoeSizes, Option("Color", "Black=BLK,Signal Orange=ORG")],
            price: 7900...17900, weight: 130...210, features: "4 mm drop,Rock plate,Gusseted tongue"),
        ProductLine(
            "BAG", "Accessories>Bags>Backpacks", nouns: "Day Pack,Roll-Top Pack,Commuter Pack", brands: "Harbor & Pine,Overhaul",
            materials: "Cordura,waxed canvas", options: [Option("Volume", "18 L=18,24 L=24,32 L=32"), colours],
            price: 5900...18900, weight: 180...360, features: "Padded laptop sleeve,Side pockets,Sternum strap"),
        ProductLine(
            "MUG", "Home>Kitchen>Drinkware", nouns: "Stoneware Mug,Espresso Cup,Travel Tumbler", brands: "Kiln Street,Morrow",
            materials: "stoneware,borosilicate glass,steel",
            options: [Option("Capacity", "8 oz=08,12 oz=12,16 oz=16"), softColours],
            price: 950...3400, weight: 60...140, features: "Dishwasher safe,Microwave safe,Hand glazed"),
        ProductLine(
            "PAN", "Home>Kitchen>Cookware", nouns: "Skillet,Sauté Pan,Dutch Oven", brands: "Ironmere,Morrow",
            materials: "cast iron,carbon steel,enamelled iron", options: [Option("Size", "8 in=08,10 in=10,12 in=12")],
            price: 3400...21900, weight: 400...1400, features: "Oven safe to 500 °F,Pre-seasoned,Made to last"),
        ProductLine(
            "TWL", "Home>Bath>Towels", nouns: "Waffle Towel,Bath Sheet,Hand Towel", brands: "Morrow,Linden Row",
            materials: "Turkish cotton,linen", options: [Option("Size", "Hand=HND,Bath=BTH,Sheet=SHT"), softColours],
            price: 1200...5900, weight: 40...190, features: "600 gsm,Hanging loop,OEKO-TEX dyes"),
        ProductLine(
            "LMP", "Home>Lighting>Table Lamps", nouns: "Desk Lamp,Reading Lamp,Bedside Lamp", brands: "Halden,Linden Row",
            materials: "brass,powder-coated steel,oak", options: [Option("Finish", "Brass=BRS,Matte Black=MBK,White=WHT")],
            price: 4900...18900, weight: 250...700, features: "Dimmable,Fabric cord,LED bulb included"),
        ProductLine(
            "NTB", "Office>Stationery>Notebooks", nouns: "Dot Notebook,Ruled Journal,Sketchbook", brands: "Quire,Paperkin",
            materials: "120 gsm paper,recycled paper",
            options: [Option("Format", "A6,A5,A4"), Option("Cover", "Kraft=KRF,Navy=NVY,Coral=CRL")],
            price: 690...2900, weight: 20...110, features: "Lies flat,Numbered pages,Ribbon marker"),
        ProductLine(
            "PEN", "Office>Writing>Fountain Pens", nouns: "Pocket Pen,Demonstrator,Desk Pen", brands: "Quire,Stylograf",
            materials: "brass,resin,aluminium", options: [Option("Nib", "Extra Fine=EF,Fine=F,Medium=M,Broad=B")],
            price: 2200...14900, weight: 8...20, features: "Converter included,Snap cap,Steel nib"),
        ProductLine(
            "CBL", "Electronics>Accessories>Cables", nouns: "USB-C Cable,Charging Cable,Display Cable", brands: "Voltra,Linkwell",
            materials: "braided nylon,silicone",
            options: [Option("Length", "3 ft=03,6 ft=06,10 ft=10"), Option("Color", "Black=BLK,White=WHT")],
            price: 899...3999, weight: 8...30, features: "Strain relief,100 W,Hook-and-loop tie"),
        ProductLine(
            "HDP", "Electronics>Audio>Headphones", nouns: "Studio Headphones,On-Ear Headphones,Sport Earbuds",
            brands: "Voltra,Aurelis",
            materials: "aluminium,memory foam", options: [Option("Color", "Graphite=GRA,Chalk=CHK")],
            price: 3900...29900, weight: 30...80, features: "30 h battery,Foldable,Replaceable pads"),
        ProductLine(
            "TNT", "Outdoor>Camping>Tents", nouns: "Ridge Tent,Dome Tent,Bivy", brands: "Cairnline,Farrow Camp",
            materials: "ripstop nylon,polyester", options: [Option("Sleeps", "1,2,3,4")], price: 12900...59900, weight: 250...900,
            features: "Taped seams,Aluminium poles,Two vestibules"),
        ProductLine(
            "BTL", "Outdoor>Hydration>Bottles", nouns: "Insulated Bottle,Trail Flask,Wide-Mouth Bottle",
            brands: "Farrow Camp,Morrow",
            materials: "stainless steel,Tritan", options: [Option("Capacity", "16 oz=16,24 oz=24,32 oz=32"), colours],
            price: 1500...4900, weight: 50...110, features: "Cold for 24 h,Leakproof lid,Fits cup holders"),
        ProductLine(
            "DOG", "Pets>Dogs>Collars & Leads", nouns: "Rope Lead,Everyday Collar,Hiking Harness",
            brands: "Good Boy Supply,Trotter",
            materials: "climbing rope,leather,webbing",
            options: [Option("Size", "S,M,L"), Option("Color", "Red=RED,Teal=TEA,Tan=TAN")],
            price: 1400...6900, weight: 15...70, features: "Solid brass hardware,Reflective thread"),
        ProductLine(
            "SOP", "Beauty>Bath & Body>Soap", nouns: "Bar Soap,Hand Wash,Shampoo Bar", brands: "Linden Row,Saltmarsh",
            materials: "olive oil,shea butter", options: [Option("Scent", "Cedar=CDR,Lavender=LAV,Unscented=UNS,Citrus=CIT")],
            price: 550...2400, weight: 20...60, features: "Cold processed,No palm oil,Plastic-free box"),
        ProductLine(
            "PUZ", "Toys>Games>Puzzles", nouns: "Jigsaw Puzzle,Wooden Puzzle,Map Puzzle", brands: "Paperkin,Knot & Grain",
            materials: "recycled board,birch plywood", options: [Option("Pieces", "100,500,1000,2000")], price: 1200...5400,
            weight: 60...240, features: "Poster included,Random cut,Linen finish"),
        ProductLine(
            "BKE", "Sports>Cycling>Accessories", nouns: "Handlebar Bag,Bike Light,Floor Pump", brands: "Strada,Overhaul",
            materials: "aluminium,welded TPU", options: [], price: 1900...9900, weight: 30...380,
            features: "Tool-free mount,USB-C charging,Two year warranty"),
    ]
}
